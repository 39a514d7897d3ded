"""What the database holds of money and goods whatever code runs: SQL for the migrations, on top of document_rules.

Instalments are together what is to be paid; an invoice and its credit notes are its instalment; no more is shipped,
taken back or refunded than there is; the days of instalments are judged in the company's zone.
"""

COMPANY_TODAY = """
CREATE OR REPLACE FUNCTION company_today() RETURNS date LANGUAGE sql STABLE AS $f$
    SELECT (now() AT TIME ZONE coalesce((SELECT time_zone FROM accounts_company WHERE id = 1), 'UTC'))::date
$f$;
"""

# What is to be paid: the total less what came back, nothing once the order is cancelled.
INSTALMENTS_ARE_WHAT_IS_TO_BE_PAID = """
CREATE OR REPLACE FUNCTION sales_check_instalments() RETURNS trigger LANGUAGE plpgsql AS $f$
DECLARE
    about bigint;
BEGIN
    IF TG_TABLE_NAME = 'sales_order' THEN about := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN about := OLD.order_id;
    ELSE about := NEW.order_id; END IF;
    IF EXISTS (SELECT 1 FROM sales_order o JOIN sales_instalment i ON i.order_id = o.id WHERE o.id = about
               GROUP BY o.id HAVING sum(i.amount)
                   <> CASE WHEN o.state = 'cancelled' THEN 0 ELSE o.gross - o.returned END)
    THEN
        RAISE EXCEPTION 'the instalments of order % are not its total', about
            USING ERRCODE = 'check_violation', CONSTRAINT = 'instalments_are_the_total', TABLE = 'sales_instalment';
    END IF;
    RETURN NULL;
END $f$;
DROP TRIGGER instalments_are_the_total ON sales_order;
CREATE CONSTRAINT TRIGGER instalments_are_the_total AFTER UPDATE OF gross, returned, state ON sales_order
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sales_check_instalments();
"""

SETTLE = """
CREATE OR REPLACE FUNCTION sales_state_of_instalment() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
    NEW.state := CASE WHEN NEW.received >= NEW.amount THEN 'paid' WHEN NEW.received > 0 THEN 'partly_paid'
                      WHEN NEW.due_on <= company_today() THEN 'due' ELSE 'planned' END;
    RETURN NEW;
END $f$;
CREATE TRIGGER has_its_state BEFORE UPDATE OF amount, received, due_on ON sales_instalment
    FOR EACH ROW EXECUTE FUNCTION sales_state_of_instalment();

CREATE OR REPLACE FUNCTION sales_settle() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
    IF EXISTS (SELECT 1 FROM sales_receipt r JOIN sales_settlement s ON s.receipt_id = r.id
               WHERE r.id IN (SELECT receipt_id FROM changed) GROUP BY r.id, r.amount HAVING sum(s.amount) > r.amount)
    THEN
        RAISE EXCEPTION 'a receipt settles no more than it is'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'receipt_settles_no_more_than_it_is',
                  TABLE = 'sales_settlement';
    END IF;
    UPDATE sales_instalment i SET received = got
    FROM (SELECT t.id, coalesce((SELECT sum(s.amount) FROM sales_settlement s WHERE s.instalment_id = t.id), 0) AS got
          FROM sales_instalment t WHERE t.id IN (SELECT instalment_id FROM changed)) sums
    WHERE sums.id = i.id;
    UPDATE sales_order o
    SET received = (SELECT coalesce(sum(received), 0) FROM sales_instalment i WHERE i.order_id = o.id)
    WHERE o.id IN (SELECT order_id FROM sales_instalment WHERE id IN (SELECT instalment_id FROM changed));
    RETURN NULL;
END $f$;
"""

# What came in covers what is settled and what went back, at every commit.
MONEY_IS_THERE = """
CREATE OR REPLACE FUNCTION sales_check_money() RETURNS trigger LANGUAGE plpgsql AS $f$
DECLARE
    about bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN about := OLD.order_id; ELSE about := NEW.order_id; END IF;
    IF (SELECT coalesce(sum(amount), 0) FROM sales_receipt WHERE order_id = about)
       < (SELECT coalesce(sum(amount), 0) FROM sales_refund WHERE order_id = about)
       + (SELECT coalesce(sum(received), 0) FROM sales_instalment WHERE order_id = about)
    THEN
        RAISE EXCEPTION 'more is settled or refunded of order % than came in', about
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_is_from_credit', TABLE = 'sales_refund';
    END IF;
    RETURN NULL;
END $f$;
CREATE CONSTRAINT TRIGGER refund_is_from_credit AFTER INSERT OR UPDATE OR DELETE ON sales_refund
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sales_check_money();
CREATE CONSTRAINT TRIGGER refund_is_from_credit AFTER UPDATE OF amount OR DELETE ON sales_receipt
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sales_check_money();
CREATE CONSTRAINT TRIGGER refund_is_from_credit AFTER UPDATE OF received ON sales_instalment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sales_check_money();
"""

INVOICES = """
DROP TRIGGER stays_frozen ON sales_invoice;
CREATE TRIGGER stays_frozen BEFORE UPDATE ON sales_invoice FOR EACH ROW
    WHEN ((OLD.number, OLD.instalment_id, OLD.order_id, OLD.credits_id, OLD.order_return_id, OLD.issued_on, OLD.due_on,
           OLD.net, OLD.tax, OLD.amount, OLD.currency, OLD.language, OLD.bill_name, OLD.bill_address,
           OLD.bill_tax_number, OLD.reason, OLD.issued_by_id)
          IS DISTINCT FROM
          (NEW.number, NEW.instalment_id, NEW.order_id, NEW.credits_id, NEW.order_return_id, NEW.issued_on, NEW.due_on,
           NEW.net, NEW.tax, NEW.amount, NEW.currency, NEW.language, NEW.bill_name, NEW.bill_address,
           NEW.bill_tax_number, NEW.reason, NEW.issued_by_id)
          OR OLD.is_void AND NOT NEW.is_void)
    EXECUTE FUNCTION sales_refuse_frozen('invoice_is_frozen');
CREATE TRIGGER stays BEFORE DELETE ON sales_invoice FOR EACH ROW
    EXECUTE FUNCTION sales_refuse_frozen('invoice_is_frozen');
CREATE TRIGGER stays_frozen BEFORE UPDATE OR DELETE ON sales_invoicefile FOR EACH ROW
    EXECUTE FUNCTION sales_refuse_frozen('invoice_file_is_frozen');

CREATE OR REPLACE FUNCTION sales_check_invoices() RETURNS trigger LANGUAGE plpgsql AS $f$
DECLARE
    about bigint;
BEGIN
    IF TG_TABLE_NAME = 'sales_instalment' THEN about := NEW.id; ELSE about := NEW.instalment_id; END IF;
    IF EXISTS (SELECT 1 FROM sales_invoice v JOIN sales_instalment i ON i.id = v.instalment_id
               WHERE v.instalment_id = about AND v.credits_id IS NULL
                 AND v.amount + (SELECT coalesce(sum(c.amount), 0) FROM sales_invoice c WHERE c.credits_id = v.id)
                     <> CASE WHEN v.is_void THEN 0 ELSE i.amount END) THEN
        RAISE EXCEPTION 'the invoice of instalment % and its credit notes are not the instalment', about
            USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_is_its_instalment', TABLE = 'sales_invoice';
    END IF;
    RETURN NULL;
END $f$;
CREATE CONSTRAINT TRIGGER invoice_is_its_instalment AFTER INSERT OR UPDATE OF is_void ON sales_invoice
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sales_check_invoices();
CREATE CONSTRAINT TRIGGER invoice_is_its_instalment AFTER UPDATE OF amount ON sales_instalment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sales_check_invoices();
"""

# A line is shipped as far as it was neither shipped nor given up; it comes back as far as it was ordered.
GOODS = """
CREATE OR REPLACE FUNCTION sales_check_goods() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
    IF EXISTS (SELECT 1 FROM sales_orderline l WHERE l.id IN (SELECT line_id FROM changed)
               AND ((SELECT coalesce(sum(s.quantity), 0) FROM sales_shipmentline s WHERE s.line_id = l.id)
                    + (SELECT coalesce(sum(r.quantity), 0) FROM sales_orderreturnline r
                       JOIN sales_orderreturn o ON o.id = r.order_return_id AND o.is_unshipped WHERE r.line_id = l.id)
                    > l.quantity
                 OR (SELECT coalesce(sum(r.quantity), 0) FROM sales_orderreturnline r WHERE r.line_id = l.id)
                    > l.quantity)) THEN
        RAISE EXCEPTION 'more is shipped or taken back than was ordered'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'goods_are_what_was_ordered', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $f$;
CREATE TRIGGER goods_added AFTER INSERT ON sales_shipmentline REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sales_check_goods();
CREATE TRIGGER goods_changed AFTER UPDATE ON sales_shipmentline REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sales_check_goods();
CREATE TRIGGER goods_added AFTER INSERT ON sales_orderreturnline REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sales_check_goods();
CREATE TRIGGER stays_frozen BEFORE UPDATE OR DELETE ON sales_orderreturnline FOR EACH ROW
    EXECUTE FUNCTION sales_refuse_frozen('return_is_frozen');
CREATE TRIGGER stays_frozen BEFORE UPDATE OR DELETE ON sales_orderreturn FOR EACH ROW
    EXECUTE FUNCTION sales_refuse_frozen('return_is_frozen');

CREATE OR REPLACE FUNCTION sales_take_off() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
    UPDATE sales_order o SET returned = s.gross, returned_net = s.net, returned_net_company = s.company
    FROM (SELECT order_id, sum(gross) AS gross, sum(net) AS net, coalesce(sum(net_company), 0) AS company
          FROM sales_orderreturn WHERE order_id IN (SELECT order_id FROM changed) GROUP BY 1) s
    WHERE s.order_id = o.id;
    RETURN NULL;
END $f$;
CREATE TRIGGER take_off AFTER INSERT ON sales_orderreturn REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sales_take_off();
"""

# Invoices of before had no tax of their own: their share of the order's; what rounding leaves over is not told apart.
OLD_INVOICES = """
ALTER TABLE sales_invoice DISABLE TRIGGER USER;
UPDATE sales_invoice v SET tax = round_money(o.tax * v.amount / nullif(o.gross, 0), v.currency::text)
FROM sales_order o WHERE o.id = v.order_id AND o.gross <> 0;
UPDATE sales_invoice v SET net = v.amount - v.tax, bill_name = c.name, language = coalesce(nullif(c.language, ''), 'en')
FROM sales_order o JOIN customers_customer c ON c.id = o.customer_id WHERE o.id = v.order_id;
SET CONSTRAINTS ALL IMMEDIATE; -- rows updated twice wait for a check, and a table that waits is not altered
ALTER TABLE sales_invoice ENABLE TRIGGER USER;
SET CONSTRAINTS ALL DEFERRED;
"""


def all_rules() -> list[str]:
    """In the order in which they are made."""
    return [COMPANY_TODAY, INSTALMENTS_ARE_WHAT_IS_TO_BE_PAID, SETTLE, MONEY_IS_THERE, INVOICES, GOODS]
