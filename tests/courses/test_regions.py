"""Regions: the codes of Zhejiang and Shanting, the dates of their reforms, containment, and refusal of wrong data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses import regions as regions_module
from courses.errors import CourseDataError
from courses.regions import children, full_name_zh, is_within, path, prefix, region, regions, successors

HEADER = ",".join(regions_module.COLUMNS)
COUNTRY_ROW = "000000,全国,China,2008-02-01,,,GB/T 2260-2007"
PROVINCE_ROW = "330000,浙江省,Zhejiang Province,2008-02-01,,,GB/T 2260-2007"


@pytest.fixture
def region_file(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Let a test write the region file's lines, and forget them afterwards."""

    def write(*lines: str) -> None:
        monkeypatch.setattr(regions_module, "_text", lambda: "\n".join(lines))
        regions_module._by_code.cache_clear()

    yield write
    regions_module._by_code.cache_clear()


def test_zhejiang_has_eleven_cities_and_ninety_counties_today() -> None:
    cities = children("330000")
    counties = [county for city in cities for county in children(city.code)]
    assert (len(cities), len(counties)) == (11, 90)


def test_zhejiang_of_2010_keeps_the_counties_that_reforms_replaced_later() -> None:
    names = {county.name_zh for city in children("330000") for county in children(city.code, date(2010, 6, 1))}
    assert {"下城区", "江干区", "富阳市", "临安市", "江东区", "奉化市", "洞头县", "绍兴县", "上虞市", "玉环县"} <= names
    assert not {"临平区", "钱塘区", "龙港市", "柯桥区"} & names
    assert len(names) == 90


def test_zaozhuang_has_five_districts_and_tengzhou() -> None:
    names = [each.name_zh for each in children("370400")]
    assert names == ["市中区", "薛城区", "峄城区", "台儿庄区", "山亭区", "滕州市"]


@pytest.mark.parametrize(
    ("old", "last_day", "new"),
    [
        ("330103", date(2021, 4, 8), {"330105"}),
        ("330104", date(2021, 4, 8), {"330102", "330114"}),
        ("330204", date(2016, 9, 27), {"330212"}),
        ("330283", date(2016, 9, 27), {"330213"}),
        ("330185", date(2017, 8, 10), {"330112"}),
        ("330183", date(2014, 12, 12), {"330111"}),
        ("330322", date(2015, 7, 22), {"330305"}),
        ("331021", date(2017, 4, 8), {"331083"}),
        ("330682", date(2013, 10, 30), {"330604"}),
    ],
)
def test_a_replaced_code_ends_on_the_day_of_the_reform_and_names_its_heirs(
    old: str, last_day: date, new: set[str]
) -> None:
    assert region(old, last_day).valid_to == date.fromordinal(last_day.toordinal() + 1)
    with pytest.raises(CourseDataError) as refused:
        region(old, date.fromordinal(last_day.toordinal() + 1))
    assert refused.value.code == "region_not_valid"
    assert {heir.code for heir in successors(old)} == new


def test_yuhang_keeps_its_code_through_2021_but_not_its_territory() -> None:
    before, after = region("330110", date(2021, 4, 8)), region("330110", date(2021, 4, 9))
    assert before != after
    assert before.succeeded_by == ("330110", "330113")
    assert region("330110") == after


def test_longgang_exists_from_2019_only() -> None:
    with pytest.raises(CourseDataError):
        region("330383", date(2019, 1, 1))
    assert region("330383", date(2020, 1, 1)).name_zh == "龙港市"


@pytest.mark.parametrize(
    ("code", "territory", "expected"),
    [
        ("330106", "330100", True),
        ("330106", "330000", True),
        ("330106", "000000", True),
        ("330100", "330100", True),
        ("330100", "330106", False),
        ("330203", "330100", False),
        ("370406", "330000", False),
        ("330104", "330100", True),
    ],
)
def test_containment_follows_the_significant_digits(code: str, territory: str, expected: bool) -> None:
    assert is_within(code, territory) is expected


@pytest.mark.parametrize(
    ("code", "digits"), [("000000", ""), ("330000", "33"), ("330100", "3301"), ("330106", "330106")]
)
def test_prefix_gives_the_significant_digits(code: str, digits: str) -> None:
    assert prefix(code) == digits


@given(st.sampled_from(regions()))
def test_every_region_lies_within_each_region_on_its_path_and_under_its_parent(each: regions_module.Region) -> None:
    above = path(each.code)
    assert all(is_within(each.code, step.code) for step in above)
    assert is_within(each.code, "000000")
    assert each.parent is None or region(each.parent).level != each.level


def test_path_and_full_name_go_from_province_to_county() -> None:
    assert [step.code for step in path("370406")] == ["370000", "370400", "370406"]
    assert path("000000") == ()
    assert full_name_zh("370406") == "山东省枣庄市山亭区"
    assert full_name_zh("330100") == "浙江省杭州市"
    assert full_name_zh("000000") == "全国"


@pytest.mark.parametrize("code", ["33", "33010", "3301066", "33010a", "", "３３０１０６"])
def test_anything_but_six_ascii_digits_is_refused(code: str) -> None:
    for call in (region, prefix, lambda bad: is_within(bad, "330000"), lambda bad: is_within("330106", bad)):
        with pytest.raises(CourseDataError) as refused:
            call(code)
        assert refused.value.code == "wrong_region_code"


def test_a_code_outside_the_table_is_unknown() -> None:
    with pytest.raises(CourseDataError) as refused:
        region("110101")
    assert refused.value.code == "unknown_region"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("33010,某区,Sample,2008-02-01,,,GB/T 2260-2007", "wrong_code"),
        ("330100,,Sample,2008-02-01,,,GB/T 2260-2007", "missing_field"),
        ("330100,某市,Sample,2008-02-01,,,", "missing_field"),
        ("330100,某市,Sample,2008-02-31,,,GB/T 2260-2007", "wrong_date"),
        ("330102,某区,Sample,2008-02-01,,,GB/T 2260-2007", "unknown_region"),
        ("330100,某市,Sample,2008-02-01,2020-01-01,,GB/T 2260-2007", "missing_successor"),
        ("330100,某市,Sample,2008-02-01,2020-01-01,330900,GB/T 2260-2007", "unknown_region"),
        ("330000,浙江省,Zhejiang Province,2010-01-01,,,GB/T 2260-2007", "overlapping_periods"),
        ("330100,某市,Sample,2008-02-01,2007-01-01,330000,GB/T 2260-2007", "overlapping_periods"),
    ],
)
def test_a_wrong_row_is_refused_with_file_and_entry(region_file: Callable[..., None], line: str, code: str) -> None:
    region_file(HEADER, COUNTRY_ROW, PROVINCE_ROW, line)
    with pytest.raises(CourseDataError) as refused:
        regions()
    assert refused.value.code == code
    assert refused.value.details["file"] == "regions.csv"
    assert refused.value.details["entry"]


def test_a_missing_column_is_refused(region_file: Callable[..., None]) -> None:
    region_file("code,name_zh", "000000,全国")
    with pytest.raises(CourseDataError) as refused:
        regions()
    assert refused.value.code == "wrong_columns"
