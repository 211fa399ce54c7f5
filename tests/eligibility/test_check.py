"""smoke"""
import pytest
from django.test import Client
from django.urls import reverse

from admissions_portal.support.actors import Actor
from eligibility.loading import load_policies
from programmes.loading import load_catalogue
from tests.eligibility.engine.people import AT

pytestmark = pytest.mark.django_db


def test_smoke(client: Client) -> None:
    load_catalogue()
    load_policies(by=Actor.system(), at=AT)
    for slug in ("hku-mmedsc", "hkust-mphil-chemistry", "hkust-phd-chemistry"):
        url = reverse("eligibility:check", args=[slug])
        assert client.get(url).status_code == 200
        r = client.post(url, {"act": "check", "asked": "test", "degree-0-level": "BACHELOR", "degree-0-in_hong_kong": "YES"})
        assert r.status_code == 200
        assert "result" in r.context, r.context["forms"]
        r = client.post(url, {"act": "check", "add": "test", "chosen": "TOEFL_IBT"})
        assert b"test-0-overall" in r.content
        r = client.post(url, {"act": "check", "test-0-kind": "IELTS_ACADEMIC", "test-0-overall": "6.3", "test-0-taken_on_day": "31","test-0-taken_on_month": "2","test-0-taken_on_year": "2025"})
        print(r.content.decode()[r.content.decode().find("pg-errors"):][:1500])
        assert "result" not in r.context
    r = client.get("/eligibility/")
    assert r.status_code == 200
    r = client.get("/eligibility/requirements/")
    assert r.status_code == 200
    r = client.get("/eligibility/requirements/HKU-MMEDSC/1/")
    assert r.status_code == 200
    r = client.get("/")
    r = client.get("/programmes/hku-mmedsc/")
    assert r.status_code == 200
