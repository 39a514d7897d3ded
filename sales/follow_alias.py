"""A frozen document keeps its customer, whatever code runs, unless that customer was merged: SQL for the migrations.

It goes over to the record that the alias of the merge names, and back along the same alias when the merge is undone.
"""

FOLLOW_ALIAS = """
CREATE FUNCTION sales_refuse_other_customer() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM records_alias a WHERE a.kind = 'customer' AND a.target_kind = 'customer'
           AND (a.old_id, a.target_id) IN ((OLD.customer_id, NEW.customer_id), (NEW.customer_id, OLD.customer_id))
    ) THEN
        RAISE EXCEPTION '% % is frozen', TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $f$;
"""

_KEEPS_CUSTOMER = """
CREATE TRIGGER keeps_customer BEFORE UPDATE OF customer_id ON sales_{kind} FOR EACH ROW
    WHEN (OLD.state <> 'draft' AND OLD.customer_id IS DISTINCT FROM NEW.customer_id)
    EXECUTE FUNCTION sales_refuse_other_customer('{kind}_is_frozen');
"""

_STAYS_FROZEN = """
DROP TRIGGER stays_frozen ON sales_{kind};
CREATE TRIGGER stays_frozen BEFORE UPDATE ON sales_{kind} FOR EACH ROW
    WHEN (OLD.state <> 'draft' AND ({old}) IS DISTINCT FROM ({new}))
    EXECUTE FUNCTION sales_refuse_frozen('{kind}_is_frozen');
"""

_MONEY = "number currency prices_include_tax net tax gross cost"
FROZEN = {"quote": f"{_MONEY} terms intro language valid_until revision", "order": _MONEY}


def follow_alias() -> list[str]:
    """In the order in which they are made."""
    rules = [FOLLOW_ALIAS]
    for kind, columns in FROZEN.items():
        names = columns.split()
        old, new = (", ".join(f"{row}.{name}" for name in names) for row in ("OLD", "NEW"))
        rules += [_KEEPS_CUSTOMER.format(kind=kind), _STAYS_FROZEN.format(kind=kind, old=old, new=new)]
    return rules
