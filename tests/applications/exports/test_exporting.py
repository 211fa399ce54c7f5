"""Taking a list out of the portal: a right of its own, on record, and harmless to open."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
import python_calamine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from admissions_portal.accounts.roles import Role
from admissions_portal.clock.actions import start_clock_at
from admissions_portal.history.queries import events_about
from applications.exports import actions
from applications.exports.actions import export_cases
from applications.exports.columns import COLUMNS
from applications.exports.models import ExportFormat, ExportLog
from applications.lifecycle.models import Application
from applications.worklists.filters import Narrowing
from tests.factories.applications import CaseFactory, ReviewFactory, acting, officer
from tests.factories.programmes import AppointmentFactory, ProgrammeFactory, SpecialisationFactory, hkt

pytestmark = pytest.mark.django_db
NOW = hkt(2026, 5, 5, 9, 30)
HOSTILE = ['=HYPERLINK("http://example.org")', "+1", "-5", "@SUM(A1)", "＝1+1"]


@pytest.fixture(autouse=True)
def _now() -> None:
    start_clock_at(NOW)


@pytest.fixture
def case() -> Application:
    made = CaseFactory(
        applicant__family_name="LAM", applicant__given_names="Tsz Ching", number="MMS26-000001"
    )
    ReviewFactory(application=made, score=Decimal("4.5"))
    return made


def export(case: Application, file_format: str, query: str = "", role: Role = Role.COORDINATOR) -> Any:
    client = Client()
    client.force_login(officer(case.offering.programme, role, name="Prof. Example"))
    return client.post(reverse("admin:shortlist_export", args=[file_format]) + query)


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def rows_of_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_row_says_what_the_list_says(case: Application) -> None:
    [row] = rows_of_csv(export(case, "CSV").content)
    assert row == {
        "Rank": "1",
        "Number": "MMS26-000001",
        "Family name": "LAM",
        "Given names": "Tsz Ching",
        "Chinese name": "林芷晴",
        "Programme": case.offering.programme.name,
        "Study mode": "Full-time",
        "Specialisation": "",
        "Permanent home": "Hong Kong",
        "Round": "Round 1",
        "Received (HKT)": "2026-03-28 09:41:07",
        "State": "Received",
        "Rules": "",
        "Scores in": "1",
        "Mean score": "4.5",
        "Difference": "0.0",
        "Readers disagree": "no",
    }


def test_both_formats_hold_the_same_rows(case: Application) -> None:
    CaseFactory(offering=case.offering, specialisation=SpecialisationFactory())
    in_sheet = sheets(export(case, "XLSX").content)["Applications"]
    in_csv = list(csv.reader(io.StringIO(export(case, "CSV").content.decode("utf-8-sig"))))
    assert in_sheet[0] == in_csv[0] == [str(column.heading) for column in COLUMNS]
    assert len(in_sheet) == len(in_csv) == 3
    assert [[row[1], row[2]] for row in in_sheet] == [[row[1], row[2]] for row in in_csv]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_that_looks_like_a_formula_stays_a_name(text: str) -> None:
    case = CaseFactory(applicant__family_name=text, applicant__given_names=text)
    [row] = rows_of_csv(export(case, "CSV").content)
    assert (row["Family name"], row["Given names"]) == (f"'{text}", f"'{text}")
    assert sheets(export(case, "XLSX").content)["Applications"][1][2:4] == [text, text]


def test_an_example_date_says_so_in_its_cell_and_among_the_parameters(case: Application) -> None:
    plain = sheets(export(case, "XLSX").content)
    case.round.is_example = True
    case.round.save()
    marked = sheets(export(case, "XLSX").content)
    assert [book["Applications"][1][9] for book in (plain, marked)] == ["Round 1", "Round 1 (example date)"]
    assert rows_of_csv(export(case, "CSV").content)[0]["Round"] == "Round 1 (example date)"


def test_the_parameters_say_who_when_and_narrowed_to_what(case: Application) -> None:
    book = sheets(export(case, "XLSX", "?state=SUBMITTED&q=lam&nonsense=1").content)
    log = ExportLog.objects.get()
    parameters = {row[0]: row[1] for row in book["Parameters"][1:]}
    assert parameters.pop("Exported at (HKT)").startswith("2026-05-05 09:30")
    assert parameters == {
        "Exported by": "Prof. Example",
        "Entry in the log of exports": log.pk,
        "Rows": 1,
        "Search": "lam",
        "State": "Received",
    }


def test_the_legend_explains_every_column_and_marks_personal_data(case: Application) -> None:
    legend = sheets(export(case, "XLSX").content)["Legend"]
    assert [row[0] for row in legend[1:]] == [str(column.heading) for column in COLUMNS]
    assert {row[0] for row in legend if row[2] == "yes"} == {
        "Family name",
        "Given names",
        "Chinese name",
        "Permanent home",
    }


def test_the_log_says_what_left_and_by_whom(case: Application) -> None:
    export(case, "CSV", "?state=SUBMITTED")
    log = ExportLog.objects.get()
    assert (log.exported_by.name, log.kind, log.format, log.rows) == ("Prof. Example", "shortlist", "CSV", 1)
    assert (log.filters, log.columns) == ({"state": "SUBMITTED"}, [column.key for column in COLUMNS])
    assert [(event.kind, event.data["rows"]) for event in events_about(log)] == [("list.exported", 1)]


def test_what_is_not_on_record_does_not_leave(case: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    monkeypatch.setattr(actions, "write_xlsx", lambda sheets: made.append(ExportLog.objects.count()) or b"")
    export(case, "XLSX")
    assert made == [1]


def test_the_file_is_named_by_day_and_entry_and_kept_by_nobody(case: Application) -> None:
    response = export(case, "XLSX")
    log = ExportLog.objects.get()
    assert response["Content-Disposition"] == f'attachment; filename="shortlist-2026-05-05-{log.pk}.xlsx"'
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("role", [Role.PROGRAMME_OFFICE, Role.REVIEWER, Role.ADMINISTRATOR])
def test_exporting_is_a_right_of_its_own(case: Application, role: Role) -> None:
    assert export(case, "CSV", role=role).status_code == 403
    with pytest.raises(PermissionDenied):
        export_cases(
            "shortlist",
            [],
            narrowing=Narrowing(),
            file_format=ExportFormat.CSV,
            by=acting(officer(case.offering.programme, role)),
            at=NOW,
        )
    assert not ExportLog.objects.exists()


def test_no_door_can_hand_out_what_its_actor_may_not_take(case: Application) -> None:
    stranger = CaseFactory()
    with pytest.raises(PermissionDenied):
        export_cases(
            "shortlist",
            [case, stranger],
            narrowing=Narrowing(),
            file_format=ExportFormat.CSV,
            by=acting(officer(case.offering.programme, Role.COORDINATOR)),
            at=NOW,
        )
    assert not ExportLog.objects.exists()


def test_other_programmes_cases_stay_inside(case: Application) -> None:
    other = CaseFactory(applicant__family_name="ELSEWHERE")
    response = export(other, "CSV")
    assert [row["Family name"] for row in rows_of_csv(response.content)] == ["ELSEWHERE"]


def test_cases_one_only_reads_elsewhere_stay_inside(case: Application) -> None:
    coordinator = officer(case.offering.programme, Role.COORDINATOR)
    elsewhere = CaseFactory(applicant__family_name="READ ONLY")
    AppointmentFactory(user=coordinator, programme=elsewhere.offering.programme, role=Role.REVIEWER)
    client = Client()
    client.force_login(coordinator)
    response = client.post(reverse("admin:shortlist_export", args=["CSV"]))
    assert [row["Family name"] for row in rows_of_csv(response.content)] == ["LAM"]


def test_only_what_was_asked_for_leaves_and_in_that_order(case: Application) -> None:
    CaseFactory(offering=case.offering, round=case.round, applicant__family_name="AU", state="IN_REVIEW")
    assert [r["Family name"] for r in rows_of_csv(export(case, "CSV", "?order=name").content)] == [
        "AU",
        "LAM",
    ]
    assert [r["Family name"] for r in rows_of_csv(export(case, "CSV", "?state=IN_REVIEW").content)] == ["AU"]


@pytest.mark.parametrize("file_format", ["csv", "PDF", "%2e%2e"])
def test_another_format_does_not_exist(case: Application, file_format: str) -> None:
    client = Client()
    client.force_login(officer(case.offering.programme, Role.COORDINATOR))
    address = reverse("admin:shortlist_export", args=["CSV"]).replace("CSV", file_format)
    assert client.post(address).status_code == 404


def test_looking_exports_nothing(case: Application) -> None:
    client = Client()
    client.force_login(officer(case.offering.programme, Role.COORDINATOR))
    assert client.get(reverse("admin:shortlist_export", args=["CSV"])).status_code == 405
    assert not ExportLog.objects.exists()


def test_everybody_reads_their_own_entries(case: Application) -> None:
    export(case, "CSV")
    client = Client()
    client.force_login(officer(ProgrammeFactory(), Role.COORDINATOR))
    response = client.get(reverse("admin:applications_exportlog_changelist"))
    assert response.context["cl"].result_count == 0


def test_a_list_without_rows_is_a_file_with_headings(case: Application) -> None:
    book = sheets(export(case, "XLSX", "?q=nobody").content)
    assert book["Applications"][0][:3] == ["Rank", "Number", "Family name"]
    assert ExportLog.objects.get().rows == 0
