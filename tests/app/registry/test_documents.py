from __future__ import annotations

from datetime import date

import pytest
from stdnum.cn import ric

from app.core.errors import ServiceError
from app.registry.documents import checked, checked_credit_code, checked_name
from app.registry.models import DocumentKind
from tests import sample

IDENTITY = "330102197001010013"


def numbered(body: str) -> str:
    """Return 18 characters: *body* of 17 digits with its check digit."""
    return body + ric.calc_check_digit(body + "0")


def refusal(kind: DocumentKind | None, text: str, on: date | None = None) -> str:
    with pytest.raises(ServiceError) as refused:
        checked(kind, text, on=on)
    assert refused.value.field == "document_number"
    return refused.value.code


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (IDENTITY, DocumentKind.IDENTITY_CARD),
        (numbered("33060219560229013"), DocumentKind.IDENTITY_CARD),
        (numbered("81000019900101001"), DocumentKind.RESIDENCE_PERMIT),
        (numbered("82000019900101001"), DocumentKind.RESIDENCE_PERMIT),
        (numbered("83000019900101001"), DocumentKind.RESIDENCE_PERMIT),
        (numbered("93384019900101001"), DocumentKind.FOREIGN_PERMIT),
        ("USA330190010112", DocumentKind.FOREIGN_PERMIT),
        ("E12345678", DocumentKind.PASSPORT),
    ],
)
def test_the_kind_of_document_is_told_from_its_number(number: str, kind: DocumentKind) -> None:
    assert checked(None, number) == (kind, number)
    assert checked(kind, number) == (kind, number)


def test_full_width_digits_spaces_and_a_small_x_are_read() -> None:
    number = next(each for n in range(100) if (each := numbered(f"33010219700101{n:03d}")).endswith("X"))
    typed = number.lower().replace("3301", "３３０１") + " "
    assert checked(None, typed[:6] + " " + typed[6:]) == (DocumentKind.IDENTITY_CARD, number)


def test_people_born_before_1980_in_counties_abolished_since_are_not_refused() -> None:
    """330127 Chun'an aside, 330300 and 332623 are old codes that a table of present counties does not hold."""
    for region in ("332623", "330621", "330719", "512922"):
        assert checked(None, numbered(f"{region}19551103001"))[0] is DocumentKind.IDENTITY_CARD


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "document_missing"),
        ("　 ", "document_missing"),
        ("33010219700101001", "document_shape"),
        ("3301021970010100133", "document_shape"),
        ("证件号码", "document_shape"),
        ("03010219700101001X", "document_shape"),
        ("330102700101001", "document_old"),
        (IDENTITY[:-1] + "4", "document_checksum"),
        (IDENTITY[:-2] + "33", "document_checksum"),
        (numbered("33010219700230001"), "document_birth_date"),
        (numbered("33010219701301001"), "document_birth_date"),
        (numbered("33010218700101001"), "document_birth_date"),
    ],
)
def test_a_number_that_cannot_be_right_is_refused_with_its_reason(text: str, code: str) -> None:
    assert refusal(None, text) == code


def test_nobody_is_born_after_the_day_of_registration() -> None:
    number = numbered("33010220260303001")
    assert refusal(None, number, on=date(2026, 3, 2)) == "document_birth_date"
    assert checked(None, number, on=date(2026, 3, 3))[1] == number


def test_a_kind_that_contradicts_the_number_is_refused() -> None:
    assert refusal(DocumentKind.IDENTITY_CARD, numbered("81000019900101001")) == "document_kind_differs"
    assert refusal(DocumentKind.PASSPORT, IDENTITY) == "document_kind_differs"
    assert refusal(DocumentKind.IDENTITY_CARD, "E12345678") == "document_shape"


def test_a_long_passport_number_needs_its_kind_named() -> None:
    assert refusal(None, "AB12345678901") == "document_shape"
    assert checked(DocumentKind.PASSPORT, "ab12345678901") == (DocumentKind.PASSPORT, "AB12345678901")


def test_a_credit_code_is_normalised_and_its_check_digit_counted() -> None:
    code = sample.credit_code(7)
    assert checked_credit_code(" " + code.lower() + " ") == code
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    for text, expected in (
        (wrong, "credit_code_checksum"),
        (code[:-1], "credit_code_shape"),
        ("Ｏ" * 18, "credit_code_shape"),
    ):
        with pytest.raises(ServiceError) as refused:
            checked_credit_code(text)
        assert (refused.value.code, refused.value.field) == (expected, "credit_code")


def test_names_are_trimmed_and_their_middle_dot_is_one_character() -> None:
    assert checked_name(" 买买提•示例 ") == "买买提·示例" == checked_name("买买提・示例")
    assert checked_name("欧阳㐂") == "欧阳㐂"


@pytest.mark.parametrize("name", ["", "  ", "章\u202e示例", "章\n示例", "章\x00", "例" * 101])
def test_names_nobody_can_read_are_refused(name: str) -> None:
    with pytest.raises(ServiceError) as refused:
        checked_name(name)
    assert (refused.value.code, refused.value.field) == ("person_name_shape", "name")
