"""Which e-mail domains say that two people have something to do with each other.

One that anybody may have an address at says nothing, nor does one of a whole university, school or authority.
A firm's, a family's or a laboratory's own does.
"""

from __future__ import annotations

from collections.abc import Collection

# by the first label, because these houses have a domain for each country: yahoo.com.hk, hotmail.co.uk
_HOUSES = frozenset(
    [
        "aol",
        "gmail",
        "gmx",
        "googlemail",
        "hotmail",
        "icloud",
        "live",
        "mail",
        "msn",
        "outlook",
        "proton",
        "protonmail",
        "rocketmail",
        "sina",
        "yahoo",
        "yandex",
        "ymail",
        "zoho",
    ]
)
_PUBLIC = frozenset(
    [
        "126.com",
        "139.com",
        "163.com",
        "163.net",
        "188.com",
        "189.cn",
        "21cn.com",
        "aliyun.com",
        "bigpond.com",
        "biznetvigator.com",
        "btinternet.com",
        "comcast.net",
        "ctimail.com",
        "daum.net",
        "fastmail.com",
        "foxmail.com",
        "free.fr",
        "hanmail.net",
        "hey.com",
        "hkbn.net",
        "hkbnes.net",
        "hushmail.com",
        "i-cable.com",
        "inbox.ru",
        "laposte.net",
        "libero.it",
        "list.ru",
        "mac.com",
        "me.com",
        "naver.com",
        "netvigator.com",
        "orange.fr",
        "pm.me",
        "posteo.de",
        "qq.com",
        "rediffmail.com",
        "seznam.cz",
        "sky.com",
        "sohu.com",
        "t-online.de",
        "tom.com",
        "tutanota.com",
        "vip.163.com",
        "vip.126.com",
        "vip.qq.com",
        "vip.sina.com",
        "wanadoo.fr",
        "web.de",
        "wo.cn",
        "yeah.net",
    ]
)
_OF_MANY = frozenset({"ac", "edu", "gov", "mil", "sch"})
# RFC 2606: addresses for examples belong to nobody
_EXAMPLES = frozenset({"example", "invalid", "localhost", "test"})


def telling_domain(address: str, *, own: Collection[str]) -> str:
    """The domain of an e-mail address where it tells something, else "". `own` are the institution's own
    domains, in small letters; what stands above or below one of them is its own too."""
    domain = address.rpartition("@")[2].strip().lower()
    labels = domain.split(".")
    says_nothing = (
        len(labels) < 2
        or labels[0] in _HOUSES
        or domain in _PUBLIC
        or not _OF_MANY.isdisjoint(labels[-2:])
        or not _EXAMPLES.isdisjoint(labels[-2:])
        or any(_is_within(domain, each) or _is_within(each, domain) for each in own)
    )
    return "" if says_nothing else domain


def _is_within(inner: str, outer: str) -> bool:
    return inner == outer or inner.endswith(f".{outer}")
