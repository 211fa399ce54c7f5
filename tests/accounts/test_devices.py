import pytest

from admissions_portal.accounts.templatetags.devices import device

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1"
WECHAT = "Mozilla/5.0 (Linux; Android 14) Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0.49"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (CHROME, "Chrome, Windows"),
        (CHROME + " Edg/126.0", "Edge, Windows"),
        (SAFARI, "Safari, iPhone"),
        (WECHAT, "WeChat, Android"),
        ("curl/8.5", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_a_device_is_called_by_the_name_its_owner_knows(user_agent, name):
    assert device(user_agent) == name
