from records.models import DictionaryEntry


def entry(of: str, code: str) -> DictionaryEntry:
    """An entry of a dictionary list, made when it is not there."""
    return DictionaryEntry.objects.get_or_create(list=of, code=code, defaults={"name": code.title()})[0]
