"""Names of people and companies, all invented. Addresses end in `.example`, which leads nowhere (RFC 2606)."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Final

GIVEN: Final = (
    *("Ada", "Ahmet", "Aiko", "Amara", "Anders", "Anouk", "Beata", "Bilal", "Bruno", "Camille", "Carys", "Chidi"),
    *("Clara", "Dana", "Daniyar", "Edda", "Elif", "Emeka", "Enzo", "Farah", "Felix", "Fiona", "Gita", "Goran"),
    *("Hanna", "Hugo", "Ines", "Isak", "Ivana", "Jamal", "Jana", "Joana", "Jonas", "Kaito", "Karim", "Katja"),
    *("Lars", "Leila", "Levi", "Lucia", "Maeve", "Malik", "Marek", "Marta", "Mina", "Nadia", "Nils", "Noor"),
    *("Oksana", "Omar", "Paula", "Pedro", "Petra", "Quentin", "Rafael", "Renée", "Ruben", "Saskia", "Selma", "Sven"),
    *("Tamar", "Tariq", "Teodor", "Uma", "Vera", "Viktor", "Wanda", "Xenia", "Yara", "Yusuf", "Zoë", "Zoltán"),
)
FAMILY: Final = (
    *(
        "Abara",
        "Adeyinka",
        "Almgren",
        "Araki",
        "Bakkers",
        "Barrington",
        "Beltrami",
        "Bergholt",
        "Calloway",
        "Castellan",
    ),
    *(
        "Chevalley",
        "Dahlberg",
        "Darzi",
        "Delacroy",
        "Drummel",
        "Eklöf",
        "Estrella",
        "Farrowdale",
        "Ferreiro",
        "Galanis",
    ),
    *("Gerwin", "Grønbech", "Haddad", "Halloran", "Hayashida", "Holvik", "Ibanor", "Ivarsson", "Jankow", "Kallas"),
    *("Kerimov", "Kowal", "Kruisman", "Lachance", "Lindhout", "Lorimer", "Macrae", "Marchetto", "Mbeki", "Mendel"),
    *("Nakata", "Nordin", "Novotny", "Obrecht", "Okoro", "Olivera", "Pallister", "Pereyra", "Quist", "Radwan"),
    *(
        "Rasmundsen",
        "Rautio",
        "Sabatelli",
        "Sandoval",
        "Savic",
        "Stromberg",
        "Tanaka",
        "Thackery",
        "Tolvanen",
        "Ustinov",
    ),
    *("Vasquine", "Verhoeve", "Vinter", "Wadham", "Weissmann", "Winslade", "Yilmaz", "Zabel", "Zandvoort", "Zielinsky"),
)
PLACES: Final = (
    *("Amberford", "Birkholm", "Castlewick", "Dornach Quay", "Eastmere", "Fairhollow", "Glenbrook", "Hartwell Cross"),
    *("Ilmenau Park", "Juniper Hill", "Kingsmarsh", "Larkfield", "Millrace", "Northgate", "Oakhaven", "Pinewater"),
    *("Quarry Bank", "Ravensby", "Silverdale", "Thornbury Lane", "Upper Lea", "Vale Street", "Westering", "Yarrow End"),
)
TRADES: Final = (
    *("Architects", "Bakery", "Bookshop", "Brewing", "Cycle Works", "Dental Practice", "Design Studio", "Film Lab"),
    *("Freight", "Garden Centre", "Hotel", "Insurance Brokers", "Joinery", "Law Office", "Library", "Logistics"),
    *(
        "Physiotherapy",
        "Primary School",
        "Printing",
        "Robotics",
        "Shipyard",
        "Surveyors",
        "Textiles",
        "Veterinary Clinic",
    ),
)


def people(rng: Random) -> Iterator[str]:
    """Full names in a random order, none twice."""
    pairs = list(product(GIVEN, FAMILY))
    rng.shuffle(pairs)
    return (f"{given} {family}" for given, family in pairs)


def companies(rng: Random) -> Iterator[str]:
    """Names of companies in a random order, none twice."""
    pairs = list(product(PLACES, TRADES))
    rng.shuffle(pairs)
    return (f"{place} {trade}" for place, trade in pairs)


def address(name: str, domain: str) -> str:
    """The e-mail address of somebody at `domain`."""
    return f"{_plain(name, '.')}@{domain}"


def domain(company: str) -> str:
    return f"{_plain(company, '-')}.example"


def phone(rng: Random) -> str:
    """A number of the range kept free for fiction (Ofcom: 020 7946 0000 to 0999)."""
    return f"+44 20 7946 {rng.randrange(1000):04}"


def _plain(text: str, between: str) -> str:
    letters = unicodedata.normalize("NFKD", text.replace("ø", "o")).encode("ascii", "ignore").decode()
    return re.sub("[^a-z]+", between, letters.lower()).strip(between)
