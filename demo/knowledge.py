"""What the company knows: articles about its machines and its ways, in every state, some of them in two languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from actions.knowing import archive_article, publish_article, save_article
from cases.conditions import EVERYTHING
from cases.viewer import Viewer
from demo.catalogue import Catalogue
from models import Article, Subject
from models.reading import by_ids


@dataclass(frozen=True)
class Text:
    """One article as it is written."""

    subject: tuple[str, ...]
    title: str
    body: str
    keywords: Sequence[str] = ()
    language: str = "en"


TEXTS: Final = (
    Text(
        ("Machine", "Coffee", "Brewing unit"),
        "Coffee stops half-way or is lukewarm",
        "Take the brewing unit out and look at its upper seal: a worn one lets the pressure go, and the machine "
        "returns to the start screen after two clicks. Rinse the unit with warm water only, let it dry, and put it "
        "back until it locks. If the coffee is lukewarm, descale first; if it stays so, the heater is to be measured "
        "by a technician.",
        ("E14", "seal", "lukewarm"),
    ),
    Text(
        ("Machine", "Coffee", "Brewing unit"),
        "Kaffee bricht ab oder ist lauwarm",
        "Brühgruppe herausnehmen und die obere Dichtung ansehen: Ist sie abgenutzt, entweicht der Druck, und das Gerät "
        "kehrt nach zweimaligem Klicken zum Startbild zurück. Nur mit warmem Wasser spülen, trocknen lassen, "
        "einrasten.",
        ("E14", "Dichtung"),
        "de",
    ),
    Text(
        ("Machine", "Coffee", "Grinder"),
        "The grinder is loud, or no coffee arrives",
        "Close the hopper, let the grinder run empty and take out what is in it. A foreign body is heard as a hard "
        "rattle. If it runs quietly and nothing arrives, the slide of the hopper is closed. Burrs last 20,000 cups.",
        ("noise", "burrs", "hopper"),
    ),
    Text(
        ("Machine", "Coffee", "Milk system"),
        "No foam, or the milk hose smells",
        "Milk has to come from the refrigerator: above 8 degrees it does not foam. Rinse after every day, run the "
        "cleaner once a week and change the hose every three months.",
        ("foam", "hose", "cleaner"),
    ),
    Text(
        ("Machine", "Water", "Leak"),
        "Water under the machine: what to do first",
        "Close the tap on the wall and pull the plug. Dry the floor, open the lower flap and look whether the filter "
        "head or the tube behind it drips. Do not tighten the tube by force. A technician comes within four hours.",
        ("leak", "emergency", "filter head"),
    ),
    Text(
        ("Machine", "Water", "Carbonation"),
        "Flat water: sealing ring and bottle",
        "A bottle of CO2 lasts for about 60 litres. If a new one gives flat water, look at the sealing ring: there "
        "must be one, and only one.",
        ("CO2", "bottle", "sealing ring"),
    ),
    Text(
        ("Order", "Delivery", "Damaged"),
        "A delivery arrived damaged",
        "Send us a picture of the box and one of the damage, within seven days. We exchange the machine and collect "
        "the damaged one; nothing has to be packed anew.",
        ("exchange", "transport"),
    ),
    Text(
        ("Order", "Return", "Refund"),
        "How a refund works",
        "Within 30 days of the delivery we take back what is unused. The refund is on its way three working days after "
        "the goods have come in, less the transport if that was agreed.",
        ("return", "refund"),
    ),
    Text(
        ("Account", "Portal", "Sign-in"),
        "The code for the portal never arrives",
        "Codes are sent by text message and lapse after five minutes. Foreign numbers need the prefix. Signing in by "
        "app needs no message at all; the first line sets it up.",
        ("code", "sign-in", "locked"),
    ),
    Text(
        ("Account", "Billing", "Invoice"),
        "An order was charged twice",
        "The second charge is often only reserved and falls away within five days. If it is booked, billing pays it "
        "back on the same day; the order number is all we need.",
        ("charged twice", "credit note"),
    ),
    Text(
        ("Advice", "Use", "Cleaning"),
        "How often to descale",
        "The machine counts litres and hardness and asks when it is due: with soft water every three months, with hard "
        "water every four weeks. Use our tablets only; vinegar eats the seals.",
        ("descale", "tablets"),
    ),
)
DRAFT: Final = Text(
    ("Advice", "Purchase", "Spare parts"),
    "Which spare parts a customer may change",
    "Lids, trays, hoses. To be agreed.",
)
ARCHIVED: Final = Text(
    ("Machine", "Electrics", "Display"), "Firmware 3: the display restarts by itself", "Install firmware 3.2 by cable."
)


async def write_articles(by: Viewer, at: datetime, catalogue: Catalogue) -> Mapping[object, Article]:
    """Keeps and publishes the articles; those that a case can be answered with, by subject."""
    subjects = await by_ids(Subject, list(catalogue.subjects.values()), EVERYTHING)
    answers: dict[object, Article] = {}
    for text in TEXTS:
        article = await publish_article(
            await _saved(text, subjects[catalogue.subjects[text.subject]], by, at), actor=by, now=at
        )
        if text.language == "en":
            answers[article.subject_id] = article
    await _saved(DRAFT, subjects[catalogue.subjects[DRAFT.subject]], by, at)
    old = await publish_article(
        await _saved(ARCHIVED, subjects[catalogue.subjects[ARCHIVED.subject]], by, at), actor=by, now=at
    )
    await archive_article(old, actor=by, now=at)
    return answers


async def _saved(text: Text, subject: Subject, by: Viewer, at: datetime) -> Article:
    return await save_article(text.title, text.body, text.language, list(text.keywords), subject, actor=by, now=at)
