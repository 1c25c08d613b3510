#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the sample bundles of received documents beside this file, from complete/manual.html and the
texts below. Companies and persons are made up.

complete/       an English supplier that sent everything for both acts
incomplete/     a declaration without signature, and little else
contradictory/  two ends of support, another product, a draft, an act's number with a slip
german/         a German supplier, with a scan; french/ a French one with the simplified declaration
foreign/        a language that is not known
The bytes are the same on every run."""
import pathlib
import struct
import zipfile
import zlib

HERE = pathlib.Path(__file__).parent


def pdf(pages: list[list[str]]) -> bytes:
    """A PDF of lines of text, in WinAnsi; a page without lines stands for a scan."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"",
               b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"]
    kids = []
    for lines in pages:
        text = b"BT /F1 11 Tf 60 780 Td 15 TL\n"
        for line in lines:
            raw = line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
            text += b"(" + raw + b") Tj T*\n"
        text += b"ET"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text))
        objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
                       b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


def packed(path: pathlib.Path, members: dict[str, str]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, text)


def docx(path: pathlib.Path, paragraphs: list[str], table: list[tuple[str, str]]) -> None:
    def paragraph(text):
        return f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    rows = "".join("<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>"
                   for row in table)
    body = "".join(map(paragraph, paragraphs)) + (f"<w:tbl>{rows}</w:tbl>" if rows else "")
    packed(path, {"[Content_Types].xml": '<?xml version="1.0"?><Types/>', "word/document.xml":
                  '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w='
                  '"http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
                  f"{body}</w:body></w:document>"})


def odt(path: pathlib.Path, paragraphs: list[str]) -> None:
    body = "".join(f"<text:p>{text}</text:p>" for text in paragraphs)
    packed(path, {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml":
                  '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
                  'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
                  'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
                  f"<office:text>{body}</office:text></office:body></office:document-content>"})


def png() -> bytes:
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b""))


DECLARATION = """EU DECLARATION OF CONFORMITY (No. TR-2028-01)

1. Product name: Tidewatch Reader
   Product version: 2.1.0
   Type: TR-2, serial numbers from 2000001
2. Name and address of the manufacturer: Tidewatch Instruments (sample company), 4 Sample Road, Singapore
3. This declaration of conformity is issued under the sole responsibility of the manufacturer,
   who is also the provider.
4. Object of the declaration: Tidewatch Reader TR-2, camera with software
5. The object of the declaration described above is in conformity with the relevant Union
   harmonisation legislation: Regulation (EU) 2024/2847 and Regulation (EU) 2024/1689.
6. Where personal data are processed, Regulation (EU) 2016/679 is complied with.
7. The notified body Sample Certification, notified body number 9999, examined the type (module B)
   and issued the certificate SC-1.
8. Signed for and on behalf of: Tidewatch Instruments (sample company)
   Place and date of issue: Singapore, 10 January 2028
   Name: A. Sample
   Function: head of quality"""

MANUAL = (HERE / "complete" / "manual.html").read_text(encoding="utf-8")


def write(folder: str, files: dict[str, bytes | str]) -> pathlib.Path:
    path = HERE / folder
    path.mkdir(exist_ok=True)
    for name, content in files.items():
        (path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def main() -> None:
    sbom = ('{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": [\n'
            '  {"type": "library", "name": "zlib", "version": "1.3.1", "purl": "pkg:generic/zlib@1.3.1"}]}\n')
    complete = write("complete", {
        "declaration.pdf": pdf([DECLARATION.split("\n")]), "sbom.cdx.json": sbom,
        "quality.md": "# How we work\n\nThe provider has a quality management system, which is described in QM-1.\n"})
    docx(complete / "file.docx", ["Technical documentation", "The index of the technical documentation of the "
         "Tidewatch Reader TR-2, which is kept in Singapore and given to the authorities on request."],
         [("Part", "Document"), ("Risk assessment", "RA-7")])
    odt(complete / "mandate.odt", ["Mandate of the authorised representative", "Tidewatch Instruments appoints "
        "Sample Representation, Musterweg 1, Hamburg, as its authorised representative in the Union."])
    write("incomplete", {
        "declaration.txt": "\n".join(DECLARATION.split("\n")[:-4]).replace("7. The notified body Sample Certification, "
            "notified body number 9999, examined the type (module B)\n   and issued the certificate SC-1.\n", "") + "\n",
        "quick-start.md": "# Quick start guide\n\nProduct name: Tidewatch Reader\n\nThe intended use of the camera is in a "
            "port. Put it on a wall, connect it with the network and\nopen the page of the camera. "
            "The support period ends at a time that is announced on our website.\n"})
    slip = DECLARATION.replace("2024/2847", "2024/2487").replace("EU DECLARATION", "DRAFT - EU DECLARATION", 1)
    write("contradictory", {
        "declaration.pdf": pdf([slip.replace("Tidewatch Reader", "Tidewatch Meter").replace("2.1.0", "1.0").split("\n")]),
        "manual.html": MANUAL,
        "leaflet.txt": "User information\n\nProduct name: Tidewatch Reader\nProduct version: 2.1.0\n"
            "Security updates are provided until 06/2033.\n"})
    write("german", {
        "konformitaet.pdf": pdf([[
            "EU-Konformitätserklärung", "", "Produkt: Pegelleser", "Typ: PL-1",
            "Name und Anschrift des Herstellers: Pegelbau (Musterfirma), Musterweg 2, Hamburg",
            "Die alleinige Verantwortung für die Ausstellung dieser Erklärung trägt der Hersteller.",
            "Gegenstand der Erklärung: Kamera mit Software", "Der Gegenstand entspricht der Verordnung (EU)",
            "2024/2847.", "Unterzeichnet für und im Namen von: Pegelbau (Musterfirma)",
            "Ort und Datum der Ausstellung: Hamburg, 3. März 2028", "Name: B. Muster", "Funktion: Geschäftsführung"], []]),
        "anleitung.txt": "Bedienungsanleitung\n\nHersteller: Pegelbau (Musterfirma)\nAnschrift: Musterweg 2, Hamburg\n"
            "E-Mail: kontakt@pegelbau.example.com\n\nDie Zweckbestimmung ist das Lesen des Pegels an einer Kaimauer. Der "
            "Unterstützungs-\nzeitraum endet am 31. Dezember 2033. Für die sichere Inbetriebnahme ist das Kennwort zu "
            "ändern.\nWer Sicherheitsaktualisierungen installieren will, öffnet die Seite des Geräts. Schwachstellen "
            "melden Sie bitte\nan sicherheit@pegelbau.example.com. Bei der Außerbetriebnahme sind die Daten zu löschen.\n",
        "typenschild.png": png()})
    french = write("french", {
        "notice.md": "# Notice d'utilisation\n\nFabricant : Marée Mesures (société fictive)\nAdresse : 5 rue de l'Exemple, "
            "Nantes\nCourriel : contact@maree.example.com\nType : MM-3\n\nL'utilisation prévue est la lecture du niveau "
            "de l'eau dans un port. La fin de la période\nd'assistance est fixée à décembre 2034. Pour signaler une "
            "vulnérabilité : securite@maree.example.com.\nLa mise en service sécurisée et l'installation des mises à "
            "jour de sécurité sont décrites sur le site, comme la\nmise hors service.\n"})
    docx(french / "declaration.docx", ["Déclaration UE de conformité simplifiée",
         "Le soussigné, Marée Mesures (société fictive), déclare que le produit du type MM-3 est conforme au "
         "règlement (UE) 2024/2847.", "Le texte complet de la déclaration UE de conformité est disponible à "
         "l'adresse internet suivante : https://maree.example.com/mm-3/declaration"], [])
    write("foreign", {"upute.txt": "Upute za uporabu\n\n" + "Uređaj čita razinu vode u luci i upozorava rukovatelja prije "
          "nego što voda prijeđe dopuštenu granicu te se smije koristiti samo unutar zatvorene mreže luke. " * 3 + "\n"})


if __name__ == "__main__":
    main()
