"""Text stays legible on every ground it stands on, by day and by night (WCAG 2.2 AA)."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TOKENS = (Path(settings.BASE_DIR) / "portal/static/css/tokens.css").read_text()
DAY, NIGHT = TOKENS.split("@media (prefers-color-scheme: dark)")

TEXT = [
    *(
        (ink, ground)
        for ink in ("ink", "ink-2", "ink-3", "accent", "seal")
        for ground in ("paper", "surface", "sunken")
    ),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("accent", "accent-soft"),
    ("accent-strong", "accent-soft"),
    ("ink-2", "accent-soft"),
    ("seal", "seal-soft"),
    ("warn", "warn-soft"),
    ("ok", "ok-soft"),
    ("info", "info-soft"),
    *(("ink", f"{state}-soft") for state in ("seal", "warn", "ok", "info", "accent")),
    ("ink", "mark"),
    ("accent", "mark"),
]


def colours(css: str) -> dict[str, str]:
    found = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6});", css))
    return {
        name: f"#{''.join(c * 2 for c in value[1:])}" if len(value) == 4 else value for name, value in found.items()
    }


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["day", "night"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_has_enough_contrast(scheme, ink, ground):
    palette = colours(DAY if scheme == "day" else NIGHT)

    assert contrast(palette[ink], palette[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["day", "night"])
def test_fields_and_focus_can_be_made_out(scheme):
    palette = colours(DAY if scheme == "day" else NIGHT)

    assert contrast(palette["accent"], palette["paper"]) >= 3


def test_night_names_every_colour_of_the_day():
    assert set(colours(NIGHT)) == set(colours(DAY))
