"""The database itself refuses to change a row of the log (and, on PostgreSQL, to delete one).

SQLite is left to delete: emptying a test database is a DELETE there, and the chain shows every row that is missing.
"""

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION approvals_log_is_final() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION '签批日志只能追加，不能修改或删除。';
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER approvals_log_is_final BEFORE UPDATE OR DELETE ON approvals_logentry
  FOR EACH ROW EXECUTE FUNCTION approvals_log_is_final();
"""
POSTGRESQL_BACK = """
DROP TRIGGER approvals_log_is_final ON approvals_logentry;
DROP FUNCTION approvals_log_is_final();
"""
SQLITE = """
CREATE TRIGGER approvals_log_is_final BEFORE UPDATE ON approvals_logentry
BEGIN
  SELECT RAISE(ABORT, '签批日志只能追加，不能修改。');
END
"""
SQLITE_BACK = "DROP TRIGGER approvals_log_is_final"


def hold(apps, schema_editor):
    _run(schema_editor, {"postgresql": POSTGRESQL, "sqlite": SQLITE})


def let_go(apps, schema_editor):
    _run(schema_editor, {"postgresql": POSTGRESQL_BACK, "sqlite": SQLITE_BACK})


def _run(schema_editor, statements):
    statement = statements.get(schema_editor.connection.vendor)
    if statement:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("approvals", "0004_drop_own_work_allowed")]

    operations = [migrations.RunPython(hold, let_go)]
