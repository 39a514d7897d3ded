"""Price lists, exchange rates, the rule for quotes and the numbers of documents, as sales operations edit them."""
