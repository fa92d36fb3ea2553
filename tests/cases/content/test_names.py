"""Names of files, as they are said and as they are kept."""

import pytest
from pytest import param

from cases.content.kinds import kind_of
from cases.content.names import tidied
from cases.refusals import BadInput
from tests.files import docx, gif, jpeg, pdf, png


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        param("kettle.png", "kettle.png", id="as it is"),
        param("Kettle.PNG", "Kettle.PNG", id="letters stay as they are"),
        param("C:\\Users\\carl\\kettle.png", "kettle.png", id="the path of Windows is left out"),
        param("../../etc/kettle.png", "kettle.png", id="a path that leads up is left out"),
        param("Zu\u0308rich.pdf", "Zürich.pdf", id="composed"),
        param("茶壶 (2).jpg", "茶壶 (2).jpg", id="any letters"),
        param('a<b>"c"|?*.gif', "a_b__c____.gif", id="characters of shells and markup become underscores"),
        param("x" * 200 + ".docx", "x" * 115 + ".docx", id="cut to 120"),
        param(" kettle.png ", "kettle.png", id="blanks around it do not count"),
    ],
)
def test_a_name_is_tidied(given, kept):
    assert tidied(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        param("", id="nothing"),
        param("kettle", id="no extension"),
        param(".png", id="an extension alone"),
        param(" .png", id="a blank and an extension"),
        param("kettle.", id="a dot at the end"),
        param("kettle.png.", id="a dot after the extension"),
        param("kettle.exe", id="a program"),
        param("kettle.svg", id="a kind that is not taken"),
        param("kettle.php.png", id="two extensions"),
        param("kettle.png.exe", id="two extensions the other way"),
        param("kettle.png\x00.exe", id="NUL"),
        param("ket\ntle.png", id="a line break"),
        param("kettle\u202egnp.exe.png", id="written backwards"),
        param("ket\u200btle.png", id="a blank that cannot be seen"),
        param("kettle.png::$DATA", id="a stream"),
        param("kettle:x.png", id="another stream"),
        param("con.png", id="a device"),
        param("\ud800.png", id="half of a surrogate pair"),
        param("x" * 1001 + ".png", id="a thousand characters"),
        param("a/", id="a folder"),
    ],
)
def test_names_that_are_made_to_look_like_others_are_refused(given):
    with pytest.raises(BadInput) as refused:
        tidied(given)

    assert tuple(refused.value.path) == ("name",)


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("a.png", png(), "image/png"),
        ("a.JPG", jpeg(), "image/jpeg"),
        ("a.jpeg", jpeg(), "image/jpeg"),
        ("a.gif", gif(), "image/gif"),
        ("a.pdf", pdf(), "application/pdf"),
        ("a.docx", docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_the_kind_of_a_file_is_that_of_its_content(name, data, media_type):
    assert kind_of(name, data).media_type == media_type


@pytest.mark.parametrize(("name", "data"), [("a.png", jpeg()), ("a.jpg", png()), ("a.pdf", docx()), ("a.gif", b"MZ")])
def test_a_name_that_says_another_kind_than_the_content_is_refused(name, data):
    with pytest.raises(BadInput):
        kind_of(name, data)
