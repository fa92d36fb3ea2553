"""What customers write about, and what is answered: the texts of the demo data, by topic.

`{product}` `{order}` `{place}` `{day}` `{agent}` and `{name}` are filled in by the story that uses them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cases.vocabulary import Severity
from demo.catalogue import ACCESS, DIGITAL, ESPRESSO, FILTRATION, MALFUNCTION, QUESTION, RETURN, VISIT, WATER

PLACES: Final = ("the third floor", "the reception", "our showroom", "the staff kitchen", "the canteen", "the workshop")
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "last week", "the weekend")


@dataclass(frozen=True, kw_only=True)
class Topic:
    """One kind of concern. `team` works on it; it is about products of `families`, or bundles if there are none.

    A title goes with the message and the solution that stand where it stands; if there are fewer, they begin anew.
    """

    subject: tuple[str, ...]
    team: str
    types: Sequence[str | None]
    families: Sequence[str]
    severities: Sequence[Severity] = (Severity.NORMAL,)
    titles: Sequence[str]
    messages: Sequence[str]
    questions: Sequence[str]
    replies: Sequence[str]
    notes: Sequence[str]
    solutions: Sequence[str]


COFFEE: Final = "Coffee Technicians"
HYDRO: Final = "Water Technicians"
ORDERS: Final = "Orders and Returns"
BILLING: Final = "Billing"
SUPPORT: Final = "Digital Support"
FIRST: Final = "First Line"

TOPICS: Final = (
    Topic(
        subject=("Machine", "Coffee", "Brewing unit"),
        team=COFFEE,
        types=(MALFUNCTION, MALFUNCTION, VISIT),
        families=(ESPRESSO,),
        severities=(Severity.NORMAL, Severity.MAJOR, Severity.OUTAGE),
        titles=(
            "{product} stops in the middle of brewing",
            "Coffee from the {product} is lukewarm",
            "{product} in {place} shows error E14",
            "Only half a cup comes out of our {product}",
        ),
        messages=(
            "Since {day} our {product} in {place} stops half-way through a cup. It clicks twice and then goes back to "
            "the start screen. We have switched it off and on again, no change.",
            "Good morning, the coffee has been getting colder for a while, and since {day} nobody wants to "
            "drink it any more. The steam is as hot as ever. The machine is about two years old.",
            "The {product} says E14 and will not brew at all. Forty people here depend on it, so please be quick!",
        ),
        questions=(
            "I am sorry to hear that. Which light is on when it stops, and when was it last descaled?",
            "Thank you for writing. Please open the side door: does the brewing unit sit firmly in its rail?",
        ),
        replies=(
            "The orange one on the left. Descaled? I would have to ask my colleague, but not this year I think.",
            "It wobbles a little, yes. When I push it in it clicks, and after two coffees it is loose again.",
        ),
        notes=(
            "Sounds like the upper seal. Same batch as the three machines we had in spring, check the serial number.",
            "Log of the machine shows pump pressure dropping to 4 bar. Ordered a pump, part 40-118.",
        ),
        solutions=("Upper seal of the brewing unit replaced", "Descaled and pump replaced", "Brewing unit re-seated"),
    ),
    Topic(
        subject=("Machine", "Coffee", "Grinder"),
        team=COFFEE,
        types=(MALFUNCTION, QUESTION),
        families=(ESPRESSO,),
        severities=(Severity.MINOR, Severity.NORMAL),
        titles=("Grinder of the {product} is very loud", "{product} grinds but no coffee arrives", "Ground too coarse"),
        messages=(
            "The grinder of the {product} in {place} got so loud on {day} that phone calls are impossible next to it.",
            "It grinds for ages, then says 'no beans'. The hopper is full to the brim. We use your own house roast.",
            "The coffee runs through in four seconds and tastes of nothing. What comes out looks like gravel.",
        ),
        questions=(
            "Could there be something in the hopper that is not a bean? Please empty it and have a look with a torch.",
            "Which setting is the wheel on, and did anybody change it lately?",
        ),
        replies=(
            "You will not believe it: a paper clip. It is quieter now, but not like it was.",
            "On 3. The new trainee turned it to see what it does. Nobody knows what it was before.",
        ),
        notes=("Burrs probably scratched. Offer the set at half price, they are good customers.",),
        solutions=(
            "Foreign body removed, burrs replaced",
            "Hopper slide opened",
            "Grinder set to 5 and explained on the phone",
        ),
    ),
    Topic(
        subject=("Machine", "Coffee", "Milk system"),
        team=COFFEE,
        types=(QUESTION, MALFUNCTION),
        families=(ESPRESSO,),
        titles=("No milk foam any more", "{product}: milk hose smells", "Which cleaner for the milk system?"),
        messages=(
            "Cappuccino is just coffee with warm milk since {day}. The foam nozzle hisses, nothing else happens.",
            "We rinse the milk hose every evening as the leaflet says, and still it smells. What are we doing wrong?",
            "We have run out of the blue cleaner. Which other one may we use for the milk system of the {product}?",
        ),
        questions=("Which milk do you use, and is it cold when it goes in? Foam needs it below six degrees.",),
        replies=("Oat milk from the shelf, so: warm. Is that it?", "Whole milk from the fridge, next to the machine."),
        notes=("Third question on oat milk this month. We should write an article on it.",),
        solutions=("Cold milk foams again", "New hose and cleaner sent free of charge", "Cleaner recommended and sent"),
    ),
    Topic(
        subject=("Machine", "Water", "Leak"),
        team=HYDRO,
        types=(MALFUNCTION, VISIT),
        families=(WATER, FILTRATION),
        severities=(Severity.MAJOR, Severity.OUTAGE),
        titles=("Water under the {product}", "URGENT: {product} leaked over night", "{product} drips"),
        messages=(
            "There is a puddle under the {product} every morning. About a glass of water. It stands in {place}.",
            "On {day} we came in and {place} was under water. The valve is shut now. Please send somebody today.",
            "A slow drip from the tap, all day and all night. We have put a bucket under it for now.",
        ),
        questions=(
            "Please leave the valve shut. Is the water coming from the tap, from the back, or from the filter head?",
            "Could you send two photos: one of the connection behind it, one of the label on the filter?",
        ),
        replies=(
            "From the back, where the blue tube goes in. My colleague tightened it but it drips all the same.",
            "Photos are attached. The label is hard to read, I think it says March.",
        ),
        notes=(
            "Blue tube without the insert: installer's mistake, we pay. Tell {agent} before invoicing.",
            "Filter head cracked, that is frost. Ask where it was stored.",
        ),
        solutions=(
            "Tube connection renewed on site",
            "Filter head replaced",
            "O-ring replaced by the customer, by video",
        ),
    ),
    Topic(
        subject=("Machine", "Water", "Taste"),
        team=HYDRO,
        types=(QUESTION, MALFUNCTION),
        families=(WATER, FILTRATION),
        titles=("Water tastes of plastic", "Strange smell from the {product}", "White flakes in the water"),
        messages=(
            "The water from our new {product} tastes of plastic. We have run twenty litres through it as instructed.",
            "The {product} smells of cellar when one opens the tap in the morning. After a minute it is gone.",
            "Since the filter was changed on {day} there are white flakes in the glass. Is it safe to drink?",
        ),
        questions=("When was the filter changed, and was it rinsed until the water ran clear?",),
        replies=("By the cleaning company. I doubt they rinsed anything.", "Changed last month. It ran clear, yes."),
        notes=("Flakes are lime, harmless. Send the water report for their postcode.",),
        solutions=(
            "Rinsed for ten minutes, taste is gone",
            "Filter changed, smell is gone",
            "Explained: lime, harmless; softer cartridge sent",
        ),
    ),
    Topic(
        subject=("Machine", "Water", "Carbonation"),
        team=HYDRO,
        types=(QUESTION, VISIT),
        families=(WATER,),
        severities=(Severity.MINOR, Severity.NORMAL),
        titles=("{product} makes flat water only", "How long does a CO2 bottle last?", "Too much fizz"),
        messages=(
            "The new bottle is in, the display says full, but the water is flat. Did we connect it wrongly?",
            "We change the CO2 bottle of the {product} every nine days now. It used to be a month.",
            "The water jumps out of the glass, and our guests with it. Can the {product} be set to less?",
        ),
        questions=(
            "When you screw the bottle in, do you hear it hiss shortly? And is the small black ring in its place?",
        ),
        replies=(
            "No hiss at all. There are two black rings, should there be?",
            "It hisses. And it hisses on, in fact.",
        ),
        notes=("Two rings: the old one stuck. Classic.",),
        solutions=(
            "Doubled sealing ring removed",
            "Leaking regulator exchanged",
            "Set to medium, explained on the phone",
        ),
    ),
    Topic(
        subject=("Machine", "Electrics", "Display"),
        team=COFFEE,
        types=(MALFUNCTION,),
        families=(ESPRESSO, WATER),
        severities=(Severity.MINOR, Severity.NORMAL, Severity.MAJOR),
        titles=("Display of the {product} stays black", "{product} restarts by itself", "Touch screen does not react"),
        messages=(
            "The display stays black, but the machine hums. Pulling the plug for an hour did not help.",
            "Several times a day the {product} in {place} restarts by itself, mostly when somebody takes hot water.",
            "The lower half of the touch screen does not react any more. That is the half with the coffee.",
        ),
        questions=("Could you read me the version that is shown for a moment when it starts?",),
        replies=("It is gone before I can read it. Something with 4.1, I believe.", "Version 4.1.7, we filmed it."),
        notes=("4.1.7 has the watchdog fault, waiting for the 4.1.9 that development promised.",),
        solutions=("Display unit exchanged", "Firmware 4.1.9 installed remotely", "Loose ribbon cable re-seated"),
    ),
    Topic(
        subject=("Order", "Delivery", "Late"),
        team=ORDERS,
        types=(QUESTION, None),
        families=(ESPRESSO, WATER, FILTRATION, DIGITAL),
        titles=("Where is our order {order}?", "Order {order} not delivered", "Delivery promised for {day}"),
        messages=(
            "Order {order} was promised for {day}. Nothing has arrived and the tracking page has not changed since.",
            "We took the morning off for the delivery of our {product} and nobody came or called. When will it be?",
        ),
        questions=(
            "I am asking the carrier at once. Is somebody there to receive it tomorrow between eight and twelve?",
        ),
        replies=("Tomorrow is fine, please ring at the side entrance.", "Only after ten, we open late on that day."),
        notes=("Parcel sits in the depot, address label torn. Carrier prints a new one today.",),
        solutions=("Delivered after the address was put right", "Sent again by express, free of charge"),
    ),
    Topic(
        subject=("Order", "Delivery", "Damaged"),
        team=ORDERS,
        types=(RETURN,),
        families=(ESPRESSO, WATER),
        severities=(Severity.NORMAL, Severity.MAJOR),
        titles=("{product} arrived with a dent", "Box of order {order} was open", "Drip tray broken on arrival"),
        messages=(
            "The {product} of order {order} arrived today with a dent the size of a hand. The box looked fine.",
            "The box of order {order} was open when it came. The tubes are missing, and the key for the lock.",
            "When we unpacked order {order} the drip tray was in three pieces. Everything else seems to work.",
        ),
        questions=(
            "I am sorry about that. Could you send us photos of the damage and of the box, inside and outside?",
        ),
        replies=("Here are six photos. The box had no padding at the top at all.", "Photos attached; the box is gone."),
        notes=("Carrier's fault on the photos, claim filed. Exchange without waiting for them.",),
        solutions=("Machine exchanged, damaged one collected", "Missing parts sent", "Drip tray sent"),
    ),
    Topic(
        subject=("Order", "Delivery", "Wrong item"),
        team=ORDERS,
        types=(RETURN, None),
        families=(FILTRATION, ESPRESSO),
        titles=("Wrong filters in order {order}", "We ordered two, we got twelve", "Not what we ordered"),
        messages=(
            "We ordered cartridges for the {product} and got the large ones. They do not fit, however hard one tries.",
            "Two were ordered, twelve came. We are happy to keep four if you collect the rest.",
        ),
        questions=("Could you read me the number below the bar code of what you received?",),
        replies=("It ends in 7731. The one we ordered ends in 7713, I see now.", "CL-400, on all of them."),
        notes=("Numbers swapped in the warehouse list, told them. Fourth case this week.",),
        solutions=("Right item sent, wrong one collected", "Customer keeps four, rest collected"),
    ),
    Topic(
        subject=("Order", "Return", "Refund"),
        team=ORDERS,
        types=(RETURN,),
        families=(ESPRESSO, WATER, FILTRATION),
        titles=("Refund for order {order}", "Return of our {product}", "Still waiting for our money"),
        messages=(
            "We sent the {product} back on {day} and have heard nothing since. When will the money be in our account?",
            "We would like to return the {product}: we are moving and there is no water connection in the new office.",
        ),
        questions=("Of course. Please tell me the number of the return slip and to which account we shall refund.",),
        replies=("R-20881, the same account as before.", "There was no slip in the box, only the invoice."),
        notes=("Arrived in the warehouse without a slip. Goods are complete, release the refund.",),
        solutions=("Refunded in full", "Collected and refunded less transport, as agreed"),
    ),
    Topic(
        subject=("Order", "Supplies", "Beans"),
        team=FIRST,
        types=(QUESTION, None),
        families=(DIGITAL,),
        severities=(Severity.MINOR,),
        titles=("Change of our bean subscription", "Beans taste different", "Fewer beans in summer"),
        messages=(
            "Could you halve our bean subscription from next month on? Half of us work from home now.",
            "The last two bags taste burnt compared with the ones before. Did the roast change?",
        ),
        questions=("Gladly. From which delivery on, and for how long?", "Which lot number is on the bags?"),
        replies=("From the next one, until we say otherwise.", "Lot 0417 on both."),
        notes=("Lot 0417 is on the quality list, see bulletin of Tuesday.",),
        solutions=("Subscription changed", "Four bags replaced"),
    ),
    Topic(
        subject=("Account", "Billing", "Invoice"),
        team=BILLING,
        types=(QUESTION, None),
        families=(ESPRESSO, DIGITAL, WATER),
        titles=("Invoice for order {order} is wrong", "Charged twice", "Invoice without our order number"),
        messages=(
            "The invoice for {order} lists two service visits. There was one, on {day}, and it lasted ten minutes.",
            "We seem to have been charged twice for the {product}. Both amounts left our account on the same day.",
            "Our accounts department cannot pay an invoice without our own order number on it. Could you add it?",
        ),
        questions=("I am checking this. Which order number shall be on it, and who signed the visit report?",),
        replies=("PO-5512 please. Nobody signed anything as far as I know.", "The number is PO-8804."),
        notes=("Visit booked twice by the planner. Credit note needs {agent}'s approval.",),
        solutions=("Credit note sent", "Second charge paid back", "Invoice issued again with the order number"),
    ),
    Topic(
        subject=("Account", "Billing", "Contract"),
        team=BILLING,
        types=(QUESTION,),
        families=(),
        titles=("When does our contract end?", "Moving: contract for the {product}", "Cancel the {product}"),
        messages=(
            "Please tell us until when our contract for the {product} runs, and what notice we have to give.",
            "We are moving to {place} of another building. Does the contract move with us?",
        ),
        questions=("Happy to help. Could you give me the contract number? It begins with V and is on every invoice.",),
        replies=("V-30412.", "I only find a customer number, is that enough?"),
        notes=("Runs until the end of the year, three months. Offer the new rate before they leave.",),
        solutions=("Dates confirmed in writing", "Contract changed to the new address", "Extended at the new rate"),
    ),
    Topic(
        subject=("Account", "Portal", "Sign-in"),
        team=SUPPORT,
        types=(ACCESS,),
        families=(DIGITAL,),
        severities=(Severity.NORMAL, Severity.MAJOR),
        titles=("Cannot sign in to the {product}", "Code never arrives", "Locked out after the password change"),
        messages=(
            "I enter my password and land on the same page again, without any message. My colleague has the same.",
            "The code that should come by e-mail never arrives. I have looked in every folder there is.",
        ),
        questions=("Which address do you sign in with, and did it work on another device?",),
        replies=("The one I write from. On the phone it works, on the computer it does not.", "Nowhere."),
        notes=("Their mail gateway delays us by 20 minutes, the code is valid for 10.",),
        solutions=(
            "Account unlocked",
            "Sign-in by app set up instead",
            "New password set",
        ),
    ),
    Topic(
        subject=("Account", "Portal", "Interface"),
        team=SUPPORT,
        types=(ACCESS, MALFUNCTION),
        families=(DIGITAL,),
        severities=(Severity.NORMAL, Severity.MAJOR, Severity.OUTAGE),
        titles=("{product} interface answers 504", "Meter readings missing since {day}", "New key for the interface"),
        messages=(
            "Our nightly transfer from {product} has been ending with 504 since {day}. Nothing changed on our side.",
            "No cup counts for four of our machines since {day}. The machines are online, I can see them.",
            "Our key for the {product} interface expires this month. How do we get a new one without a gap?",
        ),
        questions=("Could you send me the time of one call that failed, with its zone, and the request id?",),
        replies=("02:14 UTC, id 7f3a-11. All calls between 02:10 and 02:40 fail.", "Only those with firmware 4.1."),
        notes=("Known: nightly reports lock the table. Development has it on the list for this sprint.",),
        solutions=("Nightly job moved to 04:00", "Missing readings loaded again", "New key handed over"),
    ),
    Topic(
        subject=("Advice", "Use", "Cleaning"),
        team=FIRST,
        types=(QUESTION,),
        families=(ESPRESSO, WATER),
        severities=(Severity.MINOR,),
        titles=(
            "How often to descale the {product}?",
            "Which tablets for the {product}?",
            "Cleaning before the holidays",
        ),
        messages=(
            "How often does the {product} have to be descaled? The leaflet and the display do not agree.",
            "There are three kinds of cleaning tablets in your shop. Which of them are right for the {product}?",
            "We close for three weeks. What should we do with the {product} before and after?",
        ),
        questions=("That depends on your water. Do you know how hard it is where you are?",),
        replies=("Very, everything here turns white.", "No idea, but your technician measured it in spring."),
        notes=("Add to the list for the article on long closures.",),
        solutions=("Explained on the phone", "The right tablets sent", "Instructions sent"),
    ),
    Topic(
        subject=("Advice", "Purchase", "Spare parts"),
        team=FIRST,
        types=(QUESTION, None),
        families=(ESPRESSO, WATER, FILTRATION),
        severities=(Severity.MINOR,),
        titles=("Is there still a lid for the {product}?", "Price of a new drip tray", "Spare part for {product}"),
        messages=(
            "The lid of the bean hopper broke. Can it be bought on its own, and what does it cost?",
            "Is there still a drip tray for the {product}? Ours went through the dishwasher once too often.",
        ),
        questions=("There is. The black or the steel one? I can add it to your next delivery.",),
        replies=("Black please, and with the next delivery is fine.", "Steel. As soon as possible please."),
        notes=("Last twelve in stock, discontinued after that.",),
        solutions=("Part ordered with the next delivery", "Part sent"),
    ),
)

THANKS: Final = (
    "Perfect, thank you {agent}!",
    "It works. Thank you for the quick help.",
    "Thanks. Took a while, but all is well now.",
    "Great service, greetings from all of us in {place}.",
)
COMPLAINTS: Final = (
    "I am afraid it has come back. Same as before, since this morning.",
    "You closed this, but nothing has changed here. Please look again.",
    "Two days of peace, and now it is worse than before. This is getting embarrassing in front of our guests.",
)
REMINDERS: Final = (
    "Any news on this?",
    "Hello? It has been a few days now.",
    "Just asking whether you are still waiting for something from us.",
)
PROGRESS: Final = (
    "A short word in between: we are on it, and I will write again tomorrow at the latest.",
    "I have passed this on to a colleague who knows the {product} better than I do.",
    "Thank you for your patience. The part is on its way to our technician.",
)
ANSWERS: Final = (
    "Good news, {name}: {solution}. Please tell me if anything is left to do.",
    "Dear {name}, this should be settled now: {solution}. Kind regards, {agent}",
    "Hello {name}, this is what was done: {solution}. I leave the case open until I hear from you. {agent}",
)
WAITS: Final = (
    "Waiting for the supplier, promised for {day}.",
    "Nothing to do for us until then.",
    "Asked, not answered yet.",
)
HANDOVERS: Final = (
    "Not one for us, please take over. All there is to know is in the first message.",
    "{agent} is away until {day}, I am passing this on.",
    "Needs somebody who can go there.",
)
SPAM: Final = (
    ("You have been selected!!", "Dear winner, your parcel waits. Confirm your address within 24 hours."),
    ("Cheap followers for your page", "10.000 followers, real people, best price of the market, reply now."),
    ("Re: Re: invoice overdue", "See attached document and enable content to view."),
)
