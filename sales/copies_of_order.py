"""What instalments and invoices copy of their order for their lists, held whatever code runs: SQL for the migrations.

A row takes its copies when it is made, with a lock that waits for whoever changes the order at that moment; a change of
orders takes those that hang on them along in the same transaction, one statement for however many orders.
"""

from sales.states import COUNTED

_COUNTED = ", ".join(f"'{state}'" for state in COUNTED)
# table → when a row of it is live, asked of its order ``o``
LIVE = {
    "sales_instalment": f"(o.deleted_at IS NULL AND o.state IN ({_COUNTED}))",
    "sales_invoice": "(o.deleted_at IS NULL)",
}
_COPIES = "order_owner, order_team, order_other_owner, order_other_team, is_live"
_OWN = ", ".join(f"t.{name}" for name in _COPIES.split(", "))
_ASKED = "o.owner_id, o.team_id, o.other_owner, o.other_team"


def copies_of_order() -> list[str]:
    """In the order in which they are made: what rows of before copy, then what keeps it."""
    return [_COPY_ALL, *(_COPY_AT_FIRST.format(table=table, live=live) for table, live in LIVE.items()), _FOLLOW]


_COPY_ALL = "SET CONSTRAINTS ALL IMMEDIATE;" + "".join(
    f"""
    ALTER TABLE {table} DISABLE TRIGGER USER;
    UPDATE {table} t SET ({_COPIES}) = ROW({_ASKED}, {live}) FROM sales_order o WHERE o.id = t.order_id;
    ALTER TABLE {table} ENABLE TRIGGER USER;
    """
    for table, live in LIVE.items()
)

_COPY_AT_FIRST = """
CREATE FUNCTION {table}_copies_order() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
    SELECT o.owner_id, o.team_id, o.other_owner, o.other_team, {live}
    INTO NEW.order_owner, NEW.order_team, NEW.order_other_owner, NEW.order_other_team, NEW.is_live
    FROM sales_order o WHERE o.id = NEW.order_id FOR SHARE;
    RETURN NEW;
END $f$;
CREATE TRIGGER copies_order BEFORE INSERT OR UPDATE OF order_id ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_copies_order();
"""

_MOVE = "".join(
    f"""
    UPDATE {table} t SET ({_COPIES}) = ROW({_ASKED}, {live})
    FROM changed o WHERE o.id = ANY(moved) AND t.order_id = o.id
        AND ({_OWN}) IS DISTINCT FROM ({_ASKED}, {live});
    """
    for table, live in LIVE.items()
)

# Money that comes in changes orders all day and moves none of them: the first question is the only one then.
_FOLLOW = f"""
CREATE FUNCTION sales_copies_follow_order() RETURNS trigger LANGUAGE plpgsql AS $f$
DECLARE
    moved bigint[];
BEGIN
    SELECT array_agg(o.id) INTO moved FROM changed o JOIN before b ON b.id = o.id
    WHERE ({_ASKED}, o.deleted_at IS NULL, o.state)
          IS DISTINCT FROM ({_ASKED.replace("o.", "b.")}, b.deleted_at IS NULL, b.state);
    IF moved IS NOT NULL THEN
        {_MOVE}
    END IF;
    RETURN NULL;
END $f$;
CREATE TRIGGER copies_follow AFTER UPDATE ON sales_order REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sales_copies_follow_order();
"""
