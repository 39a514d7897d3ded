from django.db import migrations

# Every end of every word (from three letters; Chinese goes by grams): "pumps" → pumps, umps, mps. What a word contains
# is the beginning of one of its ends, and an index of words finds that without looking at any other row. One more part
# tells the first two letters of the whole, for what is asked by its beginning alone.
NAME_PARTS = r"""
CREATE OR REPLACE FUNCTION name_parts(names text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $f$
    SELECT array_to_tsvector(ARRAY(
        SELECT substr(word, place, 40)
        FROM unnest(string_to_array(names, ' ')) word, generate_series(1, length(word) - 2) place
        WHERE ascii(substr(word, place, 1)) NOT BETWEEN 13312 AND 40959
          AND ascii(substr(word, place, 1)) NOT BETWEEN 63744 AND 64255
        UNION ALL SELECT '^' || left(names, 2)))
$f$;
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0008_stop_imports")]

    operations = [migrations.RunSQL(NAME_PARTS, "DROP FUNCTION name_parts(text)")]
