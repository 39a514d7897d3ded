"""What the database holds of documents whatever code runs: SQL for the migrations.

Totals follow the lines in the statement that changes them; what was sent or confirmed stays as it is; instalments are
together the order's total at every commit; receipts settle no more than there is.
"""

AMOUNT_IS_RECKONED = """
ALTER TABLE sales_{kind}line ADD CONSTRAINT {kind}_line_amount_is_reckoned
    CHECK (amount = round_money(quantity * unit_price * (100 - discount) / 100, currency::text));
"""

# Once per statement, however many lines it changed. TG_ARGV: the document's table and the lines'.
SUM_UP = """
CREATE OR REPLACE FUNCTION sales_sum_up() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
    EXECUTE format($q$
        WITH docs AS (SELECT DISTINCT %3$I AS id FROM changed),
        rates AS (
            SELECT l.%3$I AS id, l.tax_rate, sum(l.amount) AS base, sum(coalesce(l.cost, 0) * l.quantity) AS cost
            FROM %2$I l JOIN docs ON docs.id = l.%3$I GROUP BY 1, 2),
        sums AS (
            SELECT d.id, coalesce(sum(r.base), 0) AS base, coalesce(sum(r.cost), 0) AS cost,
                   coalesce(sum(round_money(CASE WHEN d.prices_include_tax THEN r.base * r.tax_rate / (100 + r.tax_rate)
                                            ELSE r.base * r.tax_rate / 100 END, d.currency::text)), 0) AS tax
            FROM docs JOIN %1$I d ON d.id = docs.id LEFT JOIN rates r ON r.id = d.id GROUP BY d.id)
        UPDATE %1$I d SET tax = s.tax, cost = round_money(s.cost, d.currency::text),
               net = CASE WHEN d.prices_include_tax THEN s.base - s.tax ELSE s.base END,
               gross = CASE WHEN d.prices_include_tax THEN s.base ELSE s.base + s.tax END
        FROM sums s WHERE d.id = s.id
    $q$, TG_ARGV[0], TG_TABLE_NAME, TG_ARGV[1]);
    RETURN NULL;
END $f$;
"""

SUM_UP_TRIGGERS = """
CREATE TRIGGER sum_up_added AFTER INSERT ON sales_{kind}line REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sales_sum_up('sales_{kind}', '{kind}_id');
CREATE TRIGGER sum_up_changed AFTER UPDATE ON sales_{kind}line REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sales_sum_up('sales_{kind}', '{kind}_id');
CREATE TRIGGER sum_up_removed AFTER DELETE ON sales_{kind}line REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sales_sum_up('sales_{kind}', '{kind}_id');
"""

# A draft's tax mode or currency changes what its lines mean.
RETAX = """
CREATE OR REPLACE FUNCTION sales_retax() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
    EXECUTE format('UPDATE %I SET currency = $1 WHERE %I = $2', TG_ARGV[0], TG_ARGV[1]) USING NEW.currency, NEW.id;
    RETURN NULL;
END $f$;
"""
RETAX_TRIGGER = """
CREATE TRIGGER retax AFTER UPDATE ON sales_{kind} FOR EACH ROW
    WHEN (OLD.prices_include_tax <> NEW.prices_include_tax OR OLD.currency <> NEW.currency)
    EXECUTE FUNCTION sales_retax('sales_{kind}line', '{kind}_id');
"""

FREEZE = """
CREATE OR REPLACE FUNCTION sales_refuse_frozen() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
    RAISE EXCEPTION '% % is frozen', TG_TABLE_NAME, OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME;
END $f$;

CREATE OR REPLACE FUNCTION sales_refuse_frozen_lines() RETURNS trigger LANGUAGE plpgsql AS $f$
DECLARE
    line record;
    state text;
BEGIN
    IF TG_OP = 'DELETE' THEN line := OLD; ELSE line := NEW; END IF;
    IF TG_ARGV[0] = 'quote' THEN
        SELECT q.state INTO state FROM sales_quote q WHERE q.id = line.quote_id;
    ELSE
        SELECT o.state INTO state FROM sales_order o WHERE o.id = line.order_id;
    END IF;
    IF state IS NOT NULL AND state <> 'draft' THEN
        RAISE EXCEPTION 'the lines of this % are frozen', TG_ARGV[0]
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0] || '_lines_are_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN line;
END $f$;
"""

# pending and approved are frozen too: what is approved is what is sent.
QUOTE_IS_FROZEN = """
CREATE TRIGGER stays_frozen BEFORE UPDATE ON sales_quote FOR EACH ROW
    WHEN (OLD.state <> 'draft' AND (OLD.number, OLD.customer_id, OLD.currency, OLD.prices_include_tax, OLD.terms,
          OLD.intro, OLD.language, OLD.valid_until, OLD.net, OLD.tax, OLD.gross, OLD.cost, OLD.revision)
      IS DISTINCT FROM (NEW.number, NEW.customer_id, NEW.currency, NEW.prices_include_tax, NEW.terms,
          NEW.intro, NEW.language, NEW.valid_until, NEW.net, NEW.tax, NEW.gross, NEW.cost, NEW.revision))
    EXECUTE FUNCTION sales_refuse_frozen('quote_is_frozen');
CREATE TRIGGER stays BEFORE DELETE ON sales_quote FOR EACH ROW
    WHEN (OLD.sent_at IS NOT NULL) EXECUTE FUNCTION sales_refuse_frozen('quote_is_frozen');
CREATE TRIGGER stays_frozen BEFORE UPDATE OR DELETE ON sales_quotefile FOR EACH ROW
    EXECUTE FUNCTION sales_refuse_frozen('quote_file_is_frozen');
CREATE TRIGGER stays_frozen BEFORE INSERT OR UPDATE OR DELETE ON sales_quoteline FOR EACH ROW
    EXECUTE FUNCTION sales_refuse_frozen_lines('quote');
"""

ORDER_STAYS = """
CREATE TRIGGER stays_frozen BEFORE UPDATE ON sales_order FOR EACH ROW
    WHEN (OLD.state <> 'draft' AND (OLD.number, OLD.customer_id, OLD.currency, OLD.prices_include_tax, OLD.net,
          OLD.tax, OLD.gross, OLD.cost)
      IS DISTINCT FROM (NEW.number, NEW.customer_id, NEW.currency, NEW.prices_include_tax, NEW.net,
          NEW.tax, NEW.gross, NEW.cost))
    EXECUTE FUNCTION sales_refuse_frozen('order_is_frozen');
CREATE TRIGGER stays BEFORE DELETE ON sales_order FOR EACH ROW
    WHEN (OLD.state <> 'draft') EXECUTE FUNCTION sales_refuse_frozen('order_is_frozen');
"""

ORDER_IS_FROZEN = (
    ORDER_STAYS
    + """
CREATE TRIGGER stays_frozen BEFORE INSERT OR UPDATE OR DELETE ON sales_orderline FOR EACH ROW
    EXECUTE FUNCTION sales_refuse_frozen_lines('order');
CREATE TRIGGER stays_frozen BEFORE UPDATE OR DELETE ON sales_invoice FOR EACH ROW
    EXECUTE FUNCTION sales_refuse_frozen('invoice_is_frozen');
"""
)

INSTALMENTS_ARE_THE_TOTAL = """
CREATE OR REPLACE FUNCTION sales_check_instalments() RETURNS trigger LANGUAGE plpgsql AS $f$
DECLARE
    about bigint;
BEGIN
    IF TG_TABLE_NAME = 'sales_order' THEN about := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN about := OLD.order_id;
    ELSE about := NEW.order_id; END IF;
    IF EXISTS (SELECT 1 FROM sales_order o JOIN sales_instalment i ON i.order_id = o.id
               WHERE o.id = about GROUP BY o.id, o.gross HAVING sum(i.amount) <> o.gross) THEN
        RAISE EXCEPTION 'the instalments of order % are not its total', about
            USING ERRCODE = 'check_violation', CONSTRAINT = 'instalments_are_the_total', TABLE = 'sales_instalment';
    END IF;
    RETURN NULL;
END $f$;
CREATE CONSTRAINT TRIGGER instalments_are_the_total AFTER INSERT OR UPDATE OF amount, order_id OR DELETE
    ON sales_instalment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sales_check_instalments();
CREATE CONSTRAINT TRIGGER instalments_are_the_total AFTER UPDATE OF gross ON sales_order
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sales_check_instalments();
"""

SETTLE = """
CREATE OR REPLACE FUNCTION sales_settle() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
    IF EXISTS (SELECT 1 FROM sales_receipt r JOIN sales_settlement s ON s.receipt_id = r.id
               WHERE r.id IN (SELECT receipt_id FROM changed) GROUP BY r.id, r.amount HAVING sum(s.amount) > r.amount)
    THEN
        RAISE EXCEPTION 'a receipt settles no more than it is'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'receipt_settles_no_more_than_it_is',
                  TABLE = 'sales_settlement';
    END IF;
    WITH sums AS (
        SELECT i.id, coalesce((SELECT sum(s.amount) FROM sales_settlement s WHERE s.instalment_id = i.id), 0) AS got
        FROM sales_instalment i WHERE i.id IN (SELECT instalment_id FROM changed))
    UPDATE sales_instalment i SET received = got, state = CASE WHEN got >= i.amount THEN 'paid'
        WHEN got > 0 THEN 'partly_paid' WHEN i.due_on <= current_date THEN 'due' ELSE 'planned' END
    FROM sums WHERE sums.id = i.id;
    UPDATE sales_order o SET received = (SELECT sum(received) FROM sales_instalment i WHERE i.order_id = o.id)
    WHERE o.id IN (SELECT order_id FROM sales_instalment WHERE id IN (SELECT instalment_id FROM changed));
    RETURN NULL;
END $f$;
CREATE TRIGGER settle_added AFTER INSERT ON sales_settlement REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sales_settle();
CREATE TRIGGER settle_changed AFTER UPDATE ON sales_settlement REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sales_settle();
CREATE TRIGGER settle_removed AFTER DELETE ON sales_settlement REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sales_settle();
"""


def all_rules() -> list[str]:
    """In the order in which they are made."""
    kinds = ("quote", "order")
    per_kind = [
        part.format(kind=kind) for kind in kinds for part in (AMOUNT_IS_RECKONED, SUM_UP_TRIGGERS, RETAX_TRIGGER)
    ]
    return [SUM_UP, RETAX, FREEZE, *per_kind, QUOTE_IS_FROZEN, ORDER_IS_FROZEN, INSTALMENTS_ARE_THE_TOTAL, SETTLE]
