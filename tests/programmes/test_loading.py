"""Loading twice, loading over the admin's edits, and files that are wrong."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from programmes.loading import CATALOGUE, CatalogueError, Difference, load_catalogue
from programmes.models import (
    Fact,
    Institution,
    Offering,
    Office,
    Programme,
    Round,
    Specialisation,
    Statement,
)
from tests.factories.programmes import RoundFactory, hkt

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "catalogue"
    shutil.copytree(CATALOGUE, copy)
    return copy


def edit(folder: Path, old: str, new: str, *, times: int = 1) -> None:
    path = folder / "hku.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= times
    path.write_text(text.replace(old, new, times), encoding="utf-8")


def all_rows() -> dict[str, list[dict[str, object]]]:
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in Fact.__subclasses__()
    }


def test_loading_twice_changes_nothing() -> None:
    first = load_catalogue()
    before = all_rows()
    second = load_catalogue()
    assert (second.created, second.updated, second.unchanged) == (0, 0, first.created)
    assert second.differences == []
    assert all_rows() == before


def test_the_second_load_costs_one_query_a_table_and_no_write(django_assert_max_num_queries) -> None:
    load_catalogue()
    with django_assert_max_num_queries(20):
        load_catalogue()


def test_a_changed_file_changes_the_row(folder: Path) -> None:
    load_catalogue(folder)
    edit(folder, "name: MMedSc Office", "name: Office of Medical Sciences")
    report = load_catalogue(folder)
    assert (report.updated, report.differences) == (1, [])
    assert Office.objects.get(code="mmedsc").name == "Office of Medical Sciences"


def test_what_the_admin_changed_is_kept_and_reported(folder: Path) -> None:
    load_catalogue(folder)
    Offering.objects.filter(fee_funding="self-funded").update(instalments=3)
    edit(folder, "instalments: 2", "instalments: 6")
    report = load_catalogue(folder)
    assert set(Offering.objects.exclude(instalments=None).values_list("instalments", flat=True)) == {3}
    assert [(d.field, d.kept, d.file) for d in report.differences] == [
        ("instalments", 3, 6),
        ("instalments", 3, 4),
    ]


def test_an_edited_row_still_follows_the_file_in_its_other_fields(folder: Path) -> None:
    load_catalogue(folder)
    Office.objects.filter(code="mmedsc").update(address="Elsewhere")
    edit(folder, "name: MMedSc Office", "name: Office of Medical Sciences")
    load_catalogue(folder)
    office = Office.objects.get(code="mmedsc")
    assert (office.name, office.address) == ("Office of Medical Sciences", "Elsewhere")


def test_a_field_newer_than_the_last_load_follows_the_file(folder: Path) -> None:
    load_catalogue(folder)
    office = Office.objects.get(code="mmedsc")
    assert office.loaded is not None
    del office.loaded["address"]
    office.address = ""
    office.save()
    report = load_catalogue(folder)
    office.refresh_from_db()
    assert (report.updated, report.differences) == (1, [])
    assert office.address == "3/F, William MW Mong Block, 21 Sassoon Road, Hong Kong"


def test_a_file_that_comes_to_agree_with_the_admin_is_no_difference(folder: Path) -> None:
    load_catalogue(folder)
    Office.objects.filter(code="mmedsc").update(name="Office of Medical Sciences")
    edit(folder, "name: MMedSc Office", "name: Office of Medical Sciences")
    assert load_catalogue(folder).differences == []


def test_a_file_never_moves_a_published_close_earlier(folder: Path) -> None:
    load_catalogue(folder)
    edit(folder, "closes_at: 2026-03-31T23:59+08:00", "closes_at: 2026-03-20T23:59+08:00")
    report = load_catalogue(folder)
    assert {r.closes_at for r in Round.objects.filter(number=1)} == {hkt(2026, 3, 31, 23, 59)}
    assert [d.field for d in report.differences] == ["closes_at", "closes_at"]


def test_a_file_never_takes_the_printed_minute_away(folder: Path) -> None:
    load_catalogue(folder)
    line = "closes_at: 2026-03-31T23:59+08:00"
    edit(folder, line, f"{line}\n                    close_reading: STRICT")
    report = load_catalogue(folder)
    assert {r.closed_from for r in Round.objects.filter(number=1)} == {hkt(2026, 4, 1)}
    assert [d.field for d in report.differences] == ["close_reading", "close_reading"]


def test_a_file_may_move_a_close_later_and_the_refusal_follows(folder: Path) -> None:
    load_catalogue(folder)
    edit(folder, "closes_at: 2026-05-31T23:59+08:00", "closes_at: 2026-06-07T12:00+08:00")
    assert load_catalogue(folder).differences == []
    assert {r.closed_from for r in Round.objects.filter(number=2)} == {hkt(2026, 6, 7, 12, 1)}


def test_a_row_the_files_drop_is_kept_and_reported(folder: Path) -> None:
    load_catalogue(folder)
    edit(folder, "              - {number: 7, source: HKU-12, name: Genomics and Bioinformatics}\n", "")
    report = load_catalogue(folder)
    assert report.differences == [
        Difference("Genomics and Bioinformatics", "", "no longer in the files; kept", None)
    ]
    assert Specialisation.objects.filter(number=7).exists()


def test_rows_made_by_hand_are_left_alone() -> None:
    load_catalogue()
    chemistry = Offering.objects.filter(intake__programme__slug="hkust-phd-chemistry").first()
    example = RoundFactory(offering=chemistry, source="example", is_example=True)
    report = load_catalogue()
    example.refresh_from_db()
    assert (report.differences, example.closes_at) == ([], hkt(2026, 3, 31, 23, 59))


def test_the_chinese_texts_stand_in_their_own_columns() -> None:
    load_catalogue()
    hku = Institution.objects.get(code="hku")
    assert (hku.name_en, hku.name_zh_hant, hku.name_zh_hans) == (
        "The University of Hong Kong",
        "香港大學",
        "香港大学",
    )


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        pytest.param("short_name: HKU", "shrt_name: HKU", "“shrt_name” is not known here", id="unknown name"),
        pytest.param("        name: MMedSc Office\n", "", "“name” is missing", id="missing name"),
        pytest.param("    source: HKU-01\n", "", "“source” is missing", id="no clause"),
        pytest.param("source: HKU-18", "source: page 3", "“page 3” is no clause", id="not a clause"),
        pytest.param("2026-09-01", "2026-09-31", "“expected_start_on”", id="a day that does not exist"),
        pytest.param("2026-03-31T23:59+08:00", "2026-03-31T23:59", "write the zone", id="no zone"),
        pytest.param("mode: FULL_TIME", "mode: EVENINGS", "“mode”", id="no such mode"),
        pytest.param("fee_amount: 198000", "fee_amount: plenty", "“fee_amount”", id="no amount"),
        pytest.param("香港大学}", "香港大学, fr: Hongkong}", "languages", id="a fourth language"),
        pytest.param(", zh-hans: 香港大学", "", "languages", id="a language missing"),
        pytest.param("school: medicine", "school: dentistry", "dentistry", id="a school nobody listed"),
        pytest.param("least: 27, most: 27", "least: 27, most: 2", "credits_least", id="range reversed"),
        pytest.param("instalments: 2", "is_example: true", "is_example", id="examples belong to the demo"),
        pytest.param("number: 6, source", "number: 7, source", "twice", id="the same row twice"),
        pytest.param("    brand: hku\n", "    brand: hku\n" * 2, "given twice", id="the same name twice"),
        pytest.param("    brand: hku\n", "    [brand]: hku\n", "a name was expected", id="a list as name"),
        pytest.param("    brand: hku", "    brand: [hku", "not YAML", id="not YAML"),
        pytest.param("institutions:", "universities:", "“universities” is not known", id="unknown top"),
    ],
)  # fmt: skip
def test_a_malformed_file_is_refused_with_file_and_line_and_nothing_is_loaded(
    folder: Path, old: str, new: str, reason: str
) -> None:
    edit(folder, old, new)
    with pytest.raises(CatalogueError) as refused:
        load_catalogue(folder)
    assert refused.value.path.name == "hku.yaml"
    assert reason in refused.value.reason
    assert str(refused.value).startswith(f"{folder / 'hku.yaml'}:{refused.value.line}: ")
    assert {name: rows for name, rows in all_rows().items() if rows} == {}


def test_the_line_named_is_the_line_of_the_mistake(folder: Path) -> None:
    lines = (folder / "hku.yaml").read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines, start=1) if "2026-09-01" in line)
    edit(folder, "2026-09-01", "soon")
    with pytest.raises(CatalogueError) as refused:
        load_catalogue(folder)
    assert refused.value.line == number


def test_a_mistake_in_a_later_load_leaves_the_earlier_one_whole(folder: Path) -> None:
    load_catalogue(folder)
    before = all_rows()
    edit(folder, "name: MMedSc Office", "name: Changed Office")
    edit(folder, "least: 27, most: 27", "least: 27, most: 2")
    with pytest.raises(CatalogueError):
        load_catalogue(folder)
    assert all_rows() == before


def test_the_command_reports_and_refuses(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_catalogue", "--from", str(folder))
    count = sum(len(rows) for rows in all_rows().values())
    assert capsys.readouterr().out.splitlines() == [
        f"Catalogue: {count} rows new, 0 updated, 0 as they were.",
        "Questions: 1 versions new, 0 as they were.",
    ]
    Round.objects.filter(number=2).update(opens_at=hkt(2026, 4, 1) + timedelta(hours=1))
    call_command("load_catalogue", "--from", str(folder))
    assert (
        "kept: Master of Medical Sciences 2026, Full-time, Round 2, opens_at: kept" in capsys.readouterr().out
    )
    edit(folder, "mode: FULL_TIME", "mode: EVENINGS")
    with pytest.raises(CommandError, match=r"Nothing was loaded\. .*hku\.yaml:\d+: “mode”"):
        call_command("load_catalogue", "--from", str(folder))


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no catalogue file"):
        load_catalogue(tmp_path)


def test_every_loaded_row_names_its_clause() -> None:
    load_catalogue()
    assert [row for model in Fact.__subclasses__() for row in model._default_manager.filter(source="")] == []
    assert Programme.objects.count() == 7
    assert Statement.objects.filter(topic="REQUIREMENT").count() == 13
