"""Files of an office, made in the test: Word, PowerPoint, PDF. Workbooks and archives are in tests.factories.files."""

import io
import zipfile
from collections.abc import Iterable, Sequence

from docx import Document
from pypdf import PdfReader, PdfWriter
from weasyprint import HTML

from content.printing import engine

_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf_file(*pages: str, css: str = "") -> io.BytesIO:
    """A PDF as our own printing makes them: each page the paragraphs of one text."""
    bodies = "".join(
        f'<section style="break-after:page">{"".join(f"<p>{line}</p>" for line in page.splitlines())}</section>'
        for page in pages
    )
    # Whoever comes first in a process decides what fontconfig sees: our fonts must be prepared before WeasyPrint.
    assert engine.status().ok
    style = f"@page {{ size: A5 }} body {{ font-family: 'Noto Serif SC', serif }} {css}"
    return io.BytesIO(HTML(string=f"<style>{style}</style>{bodies}").write_pdf())


def encrypted_pdf(*pages: str, password: str) -> io.BytesIO:
    """A PDF that asks for a password to open (or, with «», only for changes)."""
    writer = PdfWriter(clone_from=PdfReader(pdf_file(*pages)))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    out.seek(0)
    return out


def docx_file(paragraphs: Iterable[str], table: Sequence[Sequence[str]] = (), header: str = "") -> io.BytesIO:
    made = Document()
    for text in paragraphs:
        made.add_paragraph(text)
    if table:
        rows = made.add_table(rows=len(table), cols=len(table[0]))
        for row, values in zip(rows.rows, table, strict=True):
            for cell, value in zip(row.cells, values, strict=True):
                cell.text = value
    if header:
        made.sections[0].header.paragraphs[0].text = header
    out = io.BytesIO()
    made.save(out)
    out.seek(0)
    return out


def docx_of(body: str, **parts: str) -> io.BytesIO:
    """A Word file with this XML inside its body, and other parts by name («word/footnotes.xml» as word_footnotes)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>')
        for name, content in parts.items():
            archive.writestr(f"{name.replace('_', '/')}.xml", content)
    out.seek(0)
    return out


def pptx_file(*slides: str, notes: str = "") -> io.BytesIO:
    """Slides, each the paragraphs of one text; stored in the opposite order of showing. `notes` go with the first."""
    out = io.BytesIO()
    count = len(slides)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        ids = "".join(f'<p:sldId id="{256 + n}" r:id="rId{n}"/>' for n in range(1, count + 1))
        archive.writestr(
            "ppt/presentation.xml",
            f'<p:presentation xmlns:p="{_P}" xmlns:r="{_R}"><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>',
        )
        relations = "".join(
            f'<Relationship Id="rId{n}" Type="x" Target="slides/slide{count + 1 - n}.xml"/>'
            for n in range(1, count + 1)
        )
        archive.writestr(
            "ppt/_rels/presentation.xml.rels", f'<Relationships xmlns="{_RELS}">{relations}</Relationships>'
        )
        for number, text in enumerate(slides, start=1):
            archive.writestr(f"ppt/slides/slide{count + 1 - number}.xml", _slide(text))
        if notes:
            archive.writestr("ppt/notesSlides/notesSlide1.xml", _slide(notes))
            archive.writestr(
                f"ppt/slides/_rels/slide{count}.xml.rels",
                f'<Relationships xmlns="{_RELS}"><Relationship Id="r1" Type="x" Target="../notesSlides/notesSlide1.xml"/></Relationships>',
            )
    out.seek(0)
    return out


def _slide(text: str) -> str:
    paragraphs = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in text.splitlines())
    return f'<p:sld xmlns:p="{_P}" xmlns:a="{_A}">{paragraphs}</p:sld>'
