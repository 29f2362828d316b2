"""Runs from before keep working: who their authors are, what their route says about own work, and their log."""

import datetime
import hashlib
import json

from django.conf import settings
from django.db import migrations

FIRST = "0" * 64


def carry_over(apps, schema_editor):
    Route = apps.get_model("approvals", "Route")
    Run = apps.get_model("approvals", "Run")
    RunAuthor = apps.get_model("approvals", "RunAuthor")
    User = apps.get_model("users", "User")
    Route.objects.filter(own_work_allowed=True).update(own_work="sign")
    known = set(User.objects.values_list("pk", flat=True))
    authors = []
    for pk, definition in Run.objects.values_list("pk", "definition").iterator(chunk_size=2000):
        authors += [RunAuthor(run_id=pk, user_id=user) for user in definition.get("authors", []) if user in known]
    RunAuthor.objects.bulk_create(authors, batch_size=1000)
    write_log(apps)


def write_log(apps):
    """The log of what was decided so far, in the order it happened; the rows say that they were written afterwards."""
    Run = apps.get_model("approvals", "Run")
    Decision = apps.get_model("approvals", "Decision")
    LogEntry = apps.get_model("approvals", "LogEntry")
    LogHead = apps.get_model("approvals", "LogHead")
    acts = []
    for run in Run.objects.select_related("route").iterator(chunk_size=2000):
        said = {"digest": run.digest, "round": run.round, "code": run.route.code, "afterwards": True}
        acts.append((run.started_at, 0, run.pk, None, "submitted", run.drafter_id, None, "", said))
        end = {"approved": "approved", "cancelled": "withdrawn", "voided": "voided"}.get(run.state)
        if end:
            at = run.finished_at or run.started_at
            acts.append((at, 2, run.pk, None, end, None, None, run.note, {"afterwards": True}))
    for decision in Decision.objects.select_related("assignment").iterator(chunk_size=2000):
        said = {
            "decision": decision.pk,
            "verdict": decision.verdict,
            "digest": decision.digest,
            "node": decision.assignment.node_title,
            "reauthenticated": False,
            "files": [],
            "afterwards": True,
        }
        act = "signed" if decision.verdict == "sign" else "refused"
        acts.append(
            (decision.at, 1, decision.assignment.run_id, decision.assignment_id, act, decision.user_id,
             decision.post_id, decision.comment, said)
        )  # fmt: skip
    acts.sort(key=lambda act: (act[0], act[1], act[2]))
    previous, rows = FIRST, []
    for number, (at, _, run, assignment, act, actor, post, text, data) in enumerate(acts, start=1):
        said = {
            "number": number, "run": run, "assignment": assignment, "act": act, "actor": actor, "post": post,
            "text": text, "data": data, "at": at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
            "previous": previous,
        }  # fmt: skip
        mark = hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        rows.append(
            LogEntry(number=number, run_id=run, assignment_id=assignment, act=act, actor_id=actor, post_id=post,
                     text=text, data=data, at=at, previous=previous, mark=mark)
        )  # fmt: skip
        previous = mark
    LogEntry.objects.bulk_create(rows, batch_size=1000)
    LogHead.objects.update_or_create(pk=1, defaults={"number": len(rows), "mark": previous if rows else ""})


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0002_complete_sign_off"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
