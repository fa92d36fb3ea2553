"""Addresses that may be called from here: public ones, in their one plain form."""

import pytest
from pytest import param

from cases.addresses import Refusable, connectable, is_inside, is_public, place_of


@pytest.mark.parametrize(
    ("url", "host", "port", "target"),
    [
        ("https://hooks.example.com", "hooks.example.com", 443, "/"),
        ("https://hooks.example.com:8443/a?b=c", "hooks.example.com", 8443, "/a?b=c"),
        ("https://HOOKS.example.com/", "hooks.example.com", 443, "/"),
        ("https://93.184.216.34/x", "93.184.216.34", 443, "/x"),
        ("https://[2606:4700::1111]/", "2606:4700::1111", 443, "/"),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva.example", 443, "/"),
    ],
)
def test_a_place_has_a_host_a_port_and_a_target(url, host, port, target):
    place = place_of(url)

    assert (place.host, place.port, place.target) == (host, port, target)


@pytest.mark.parametrize(
    "url",
    [
        param("http://example.com/", id="not encrypted"),
        param("ftp://example.com/", id="another scheme"),
        param("file:///etc/passwd", id="a file"),
        param("gopher://example.com/", id="an old scheme"),
        param("//example.com/", id="no scheme"),
        param("https:///x", id="no host"),
        param("https://", id="nothing"),
        param("https://user:pass@example.com/", id="with a password"),
        param("https://user@example.com/", id="with a user"),
        param("https://@example.com/", id="with an empty user"),
        param("https://example.com@127.0.0.1/", id="a user that looks like a host"),
        param("https://example.com#@127.0.0.1/", id="a fragment"),
        param("https://example.com\\@127.0.0.1/", id="a backslash"),
        param("https://example.com:22/", id="a port of something else"),
        param("https://example.com:0/", id="no port"),
        param("https://example.com:99999/", id="a port that is none"),
        param("https://2130706433/", id="a decimal address"),
        param("https://0x7f000001/", id="a hexadecimal one"),
        param("https://0x7f.0.0.1/", id="partly hexadecimal"),
        param("https://017700000001/", id="an octal one"),
        param("https://0177.0.0.1/", id="partly octal"),
        param("https://127.1/", id="a short one"),
        param("https://127.0.0.1./", id="with a dot behind"),
        param("https://example.com./", id="a name with a dot behind"),
        param("https://127。0。0。1/", id="with ideographic dots"),
        param("https://\uff45xample.com/", id="with full-width letters"),
        param("https://ⓛocalhost/", id="with circled letters"),
        param("https://exam ple.com/", id="with a space"),
        param("https://example.com/\r\nHost: inside", id="with a line break"),
        param("https://example.com/\0", id="with a NUL"),
        *(
            "https://127.0.0.1/",
            "https://10.0.0.1/",
            "https://169.254.169.254/",
            "https://[::1]/",
            "https://[fd00::1]/",
        ),
        param("https://[::ffff:10.0.0.1]/", id="a private address in IPv6"),
        param("https://[::1", id="half a bracket"),
        param("https://[fe80::1%25eth0]/", id="with a zone"),
        param("https://localhost/", id="this machine by its name"),
        param("https://metadata.google.internal/", id="a name of inside"),
        param("https://printer.local/", id="a name of the link"),
        param("https://exa_mple.com/", id="with an underscore"),
        param("https://-example.com/", id="with a leading hyphen"),
        param("https://" + "a" * 64 + ".com/", id="with a label that is too long"),
        param("https://example.com/" + "a" * 2000, id="too long"),
    ],
)
def test_what_is_no_plain_public_address_is_refused(url):
    with pytest.raises(Refusable):
        place_of(url)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "255.255.255.255", "224.0.0.1", "240.0.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1"),
        param("::ffff:127.0.0.1", id="an IPv4 address in IPv6"),
        param("::ffff:93.184.216.34", id="even a public one"),
        param("::127.0.0.1", id="the old form of it"),
        param("64:ff9b::7f00:1", id="through NAT64"),
        param("64:ff9b:1::1", id="through a local NAT64"),
        param("2002:7f00:1::", id="through 6to4"),
        param("2001:0:7f00:1::", id="through Teredo"),
        "",
        "example.com",
        "127.1",
    ],
)
def test_no_way_into_another_network_is_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111"])
def test_public_addresses_are(address):
    assert is_public(address)


def test_a_host_with_one_private_address_is_not_called_at_all():
    assert connectable(["93.184.216.34", "8.8.8.8"], private=False) == "93.184.216.34"
    for addresses in ([], ["127.0.0.1"], ["93.184.216.34", "10.0.0.1"]):
        with pytest.raises(Refusable):
            connectable(addresses, private=False)


@pytest.mark.parametrize(
    "address",
    [
        *("169.254.169.254", "fe80::1", "::ffff:169.254.169.254", "0.0.0.0", "224.0.0.1"),
        *("fd00:ec2::254", "100.100.100.200", "::ffff:100.100.100.200"),
        param("64:ff9b::a9fe:a9fe", id="through NAT64"),
        param("2002:a9fe:a9fe::1", id="through 6to4"),
        param("::169.254.169.254", id="the old form of it"),
    ],
)
def test_what_tells_secrets_to_servers_is_not_called_even_where_private_addresses_are(address):
    assert not is_inside(address)
    with pytest.raises(Refusable):
        connectable([address], private=True)
    with pytest.raises(Refusable):
        place_of(f"http://{f'[{address}]' if ':' in address else address}/", private=True)


def test_private_addresses_are_called_plainly_and_at_any_port_where_that_is_allowed():
    place = place_of("http://127.0.0.1:8080/hook", private=True)

    assert (place.authority, place.at(connectable(["127.0.0.1"], private=True))) == (
        "127.0.0.1:8080",
        "http://127.0.0.1:8080/hook",
    )
    assert place_of("https://[::1]/x", private=True).at("::1") == "https://[::1]:443/x"
