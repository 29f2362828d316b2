"""Loads the divisions shipped with the portal; run again it only writes what differs."""

import csv
from pathlib import Path

from django.db import transaction

from content.places.models import Division, DivisionLevel, DivisionType

SOURCE = Path(__file__).parent / "data" / "divisions.csv"
# The only forestry district of the country; the file types 碑林区, 北林区 and others so because of their last two characters.
FORESTRY_DISTRICTS = frozenset({"429021"})
LEVELS = (DivisionLevel.PROVINCE, DivisionLevel.PREFECTURE, DivisionLevel.COUNTY)


def read_source() -> list[dict[str, str]]:
    """Rows of the shipped file, types put right; keys: code, name, level, type, parent (a code or empty)."""
    with SOURCE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["type"] == DivisionType.FORESTRY_DISTRICT and row["code"] not in FORESTRY_DISTRICTS:
            row["type"] = DivisionType.DISTRICT.value
    return rows


def set_up() -> None:
    """Create missing divisions and mend changed ones; divisions no longer in the file stay, records may point to them."""
    rows = read_source()
    with transaction.atomic():
        known = {division.code: division for division in Division.objects.all()}
        for level in LEVELS:  # upper levels first, so that every parent has its id
            fresh, changed = [], []
            for row in (row for row in rows if row["level"] == level):
                parent_id = known[row["parent"]].pk if row["parent"] else None
                wanted = {"name": row["name"], "level": level, "type": row["type"], "parent_id": parent_id}
                division = known.get(row["code"])
                if division is None:
                    fresh.append(Division(code=row["code"], **wanted))
                elif any(getattr(division, field) != value for field, value in wanted.items()):
                    for field, value in wanted.items():
                        setattr(division, field, value)
                    changed.append(division)
            for division in Division.objects.bulk_create(fresh, batch_size=500):
                known[division.code] = division
            Division.objects.bulk_update(changed, ["name", "level", "type", "parent"], batch_size=500)
