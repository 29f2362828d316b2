"""How the demo writes down a procedure: plain data, turned into pages by content/demo/procedures.py."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class S:
    """A step. `posts` are codes, or «drafter», or «superior:1»; `when` is (label, operator, value)."""

    title: str
    posts: str | tuple[str, ...]
    text: str = ""
    sign: bool = False
    rule: str = "all"
    needed: int | None = None
    document: str = ""
    inputs: str = ""
    outputs: str = ""
    days: int | None = None
    when: tuple[str, str, str] | None = None
    back_to: int | None = None
    every: tuple[str, int | None] | None = None


@dataclass(frozen=True, slots=True)
class F:
    """A field of the form."""

    label: str
    kind: str = "singleline"
    options: tuple[str, ...] = ()
    required: bool = True
    help: str = ""
    when: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True)
class ProcedureData:
    prefix: str
    title: str
    unit: str
    owner: str
    summary: str
    purpose: str
    scope: str
    steps: tuple[S, ...]
    fields: tuple[F, ...] = ()
    age: int = 60  # in force since so many days before seeding
