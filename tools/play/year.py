# SPDX-License-Identifier: EUPL-1.2
# A household's year in De Hoogte: time, the ladder, a pause, a coordinator's leave, what cannot be
# delivered. Everything through the worker's tool, on a store of its own with a driven clock. Must
# never know: how the programs do what they do.
import os
import shutil
import subprocess

import people
from chain import Stuck

DESK, HOME, CARE, WORK, NATION = ("gemeente-groningen", "lefier", "wij-groningen", "uwv-groningen",
                                  "rijk")
MOTHER, FATHER, CHILD, BABY = (people.bsn(index) for index in range(60, 64))
ADDRESS = ("postcode=9716AB", "number=12", "municipality=0014")


class Year:
    def __init__(self, chain, dutch):
        self.chain, self.dutch, self.today = chain, dutch, "2026-04-01"
        self.plan = self.other = None

    def tell(self, nl, en, holds=True):
        """A line of the story, and what must hold for it."""
        if not holds:
            raise Stuck(f"{self.today}: {nl if self.dutch else en}: did not happen")
        print(f"  {self.today}  {nl if self.dutch else en}", flush=True)

    def day(self, date):
        self.chain.advance(f"{date}T09:00:00+02:00")
        self.today = date

    def steps(self, holder=DESK):
        rows = self.chain.ask(holder, "plan", "show", self.plan)
        return {row["kind"]: row for row in rows if row.get("row") == "step"}

    def step(self, kind, holder=DESK):
        return self.chain.step_id(self.steps(holder)[kind])

    def items(self, partner, kind):
        return [item for row in self.chain.ask(partner, "inbox") for item in row["items"]
                if item["kind"] == kind]

    def refused(self, partner, code, *arguments):
        status, said = self.chain.keten(partner, *arguments)
        return status == 1 and code in said

    def arrears(self, months, amount):
        return self.chain.command(HOME, "signal", "rent-arrears", "--person", MOTHER, "--detail",
                                  "given=Katharina", "surname=Strauß", "born=1988-02-03", *ADDRESS,
                                  "--person", CHILD, "--field", f"months={months}",
                                  f"amount={amount}")

    def repeats(self):
        self.day("2026-04-01")
        opened = self.arrears(2, 900)
        self.plan = f"p{opened['plan']}"
        again = self.arrears(2, 900)
        grown = self.arrears(3, 1350)
        shown = self.chain.ask(DESK, "plan", "show", self.plan)
        repeats = [row for row in shown if row.get("row") == "fact" and row.get("repeats")]
        self.tell(f"Lefier meldt huurachterstand ({self.plan}); het herhaalde signaal wordt "
                  f"genoteerd en begint niets, "
                  "het gegroeide telt als nieuw",
                  f"Lefier reports arrears ({self.plan}); the repeated signal is noted and starts "
                  f"nothing, the grown one "
                  "counts as new",
                  opened["opened"] and not again["steps"] and grown["fact"] and len(repeats) == 1)

    def extends(self):
        self.chain.command(DESK, "step", "accept", self.step("kitchen-table"), "--worker", "Femke")
        due = self.steps()["kitchen-table"]["due"]
        self.chain.command(DESK, "step", "extend", self.step("kitchen-table"), "--reason",
                           "waits-for-others")
        later = self.steps()["kitchen-table"]["due"]
        self.tell("het keukentafelgesprek wordt eenmaal verlengd, met een reden; een tweede keer "
                  "niet",
                  "the kitchen-table talk is extended once, with a reason; not a second time",
                  later > due and self.refused(DESK, "KT-13", "step", "extend",
                                               self.step("kitchen-table"), "--reason", "other"))
        self.day("2026-04-09")
        self.chain.command(DESK, "step", "complete", self.step("kitchen-table"), "--fact",
                           "assessment", "outcome=debts", "told=taken-up")

    def regie(self):
        self.chain.command(DESK, "plan", "coordinator", self.plan, "--to", CARE, "--worker",
                           "Anouk")
        self.chain.command(CARE, "plan", "accept", self.plan, "--worker", "Anouk")
        self.chain.command(DESK, "step", "accept", self.step("budget", CARE), "--worker", "Femke")
        self.chain.command(CARE, "step", "accept", self.step("family-coach", CARE), "--worker",
                           "Daan")
        self.tell("Anouk van WIJ neemt de regie aan", "Anouk of WIJ accepts the coordination",
                  self.steps(CARE)["budget"]["state"] == "active")

    def acknowledge(self, partner):
        asked = next(item["matter"] for item in self.items(partner, "matter_opened")
                     if item["matter"]["kind"] == "pause")
        self.chain.command(partner, "pause", "acknowledge", f"m{asked['matter']}")

    def pause(self):
        over = self.refused(CARE, "KT-1340", "pause", "start", self.plan, "--action", "eviction",
                            "--until", "2026-12-31", "--reason", "other")
        self.chain.command(CARE, "pause", "start", self.plan, "--action", "eviction", "--action",
                           "collection", "--until", "2026-09-01T12:00:00+02:00", "--reason",
                           "waits-for-others")
        self.acknowledge(HOME)
        self.tell("een adempauze tot september: geen uitzetting, geen incasso. Langer dan "
                  "afgesproken kan niet; Lefier "
                  "bevestigt",
                  "a pause until September: no eviction, no collection. Longer than agreed is "
                  "refused; Lefier "
                  "acknowledges", over)
        self.day("2026-04-21")
        chased = self.items(CARE, "matter_changed")
        missing = self.chain.ask(CARE, "pause", "list")[0]["missing"]
        self.tell("UWV bevestigt niet: de ladder jaagt erachteraan",
                  "UWV does not acknowledge: the ladder chases it",
                  missing == WORK and chased and chased[0]["matter"]["late"])
        rejected = next(row["n"] for row in self.chain.ask(WORK, "inbox")
                        for item in row["items"] if item["kind"] == "pause_started")
        self.chain.command(WORK, "inbox", "reject", f"d{rejected}", "--reason",
                           "ons systeem kent geen adempauze")
        dead = self.chain.ask(WORK, "dead", "list")
        self.chain.command(WORK, "dead", "resend", f"d{rejected}")
        self.acknowledge(WORK)
        self.tell("het systeem van UWV kon de melding niet verwerken en wees haar af, met reden: "
                  "dat werd iemands taak, "
                  "met een termijn. Opnieuw bezorgd, en bevestigd",
                  "UWV's system could not process the message and rejected it, with a reason: that "
                  "became somebody's "
                  "task, with a term. Delivered again, and acknowledged",
                  dead and not self.chain.ask(CARE, "pause", "list")[0].get("missing"))

    def leave(self):
        self.day("2026-04-24")
        self.chain.command(CARE, "plan", "absent", self.plan, "--until",
                           "2026-05-11T09:00:00+02:00",
                           "--reason", "capacity")
        held = self.chain.ask(DESK, "plan", "show", self.plan)[0]["accountable"]
        reminded = self.items(DESK, "reminder")
        self.day("2026-05-11")
        back = self.chain.ask(CARE, "plan", "show", self.plan)[0]["accountable"]
        self.tell("Anouk heeft vakantie: zolang draagt het meldpunt het plan, en daarna komt het "
                  "vanzelf terug",
                  "Anouk is on leave: meanwhile the desk holds the plan, and then it comes back by "
                  "itself",
                  held == DESK and back == CARE and not reminded)

    def late(self):
        reminded = self.items(DESK, "reminder")
        listed = self.chain.ask(CARE, "plan", "list", "--mine", "--late")
        unowned = self.chain.ask(CARE, "plan", "list", "--unowned")
        self.tell("de gemeente werd vóór de termijn van de budgetcoaching herinnerd; nu is die "
                  "voorbij, en het plan "
                  "staat bovenaan",
                  "the municipality was reminded before the term of the budget coaching; now it "
                  "has passed, and the "
                  "plan is at the top of the list",
                  reminded and listed and listed[0]["plan"] == int(self.plan[1:]) and not unowned)
        self.chain.command(DESK, "step", "complete", self.step("budget", CARE), "--fact",
                           "budget-plan", "agreed=yes", "monthly=60")
        self.tell("het budgetplan is er; incasso rust, dus de betalingsregeling wacht op het einde "
                  "van de adempauze",
                  "the budget plan is there; collection rests, so the rent agreement waits for the "
                  "end of the pause",
                  self.steps(CARE)["agree-rent"]["state"] == "waiting")

    def bottleneck(self):
        raised = self.chain.command(CARE, "bottleneck", "raise", self.plan, "--reason",
                                    "samenwonen kost dit gezin meer dan de huur", "--topic",
                                    "cost-sharing-rule", "--law")
        matter = f"m{raised['matters'][0]['matter']}"
        self.day("2026-06-02")
        at = self.chain.ask(CARE, "bottleneck", "show", matter)[0]
        self.tell("een knelpunt in de wet klimt vanzelf: van het huishouden naar de wijk en de "
                  "stad",
                  "a bottleneck in the law climbs by itself: from the household to the "
                  "neighbourhood and the city",
                  at["level"] == "city" and at["must_move"] == DESK)
        beyond = self.refused(DESK, "KT-1331", "bottleneck", "solve", matter, "--decision",
                              "change-rule", "--reason", "solved")
        self.chain.command(DESK, "bottleneck", "pass", matter, "--reason", "not-competent")
        self.chain.command("arbeidsmarktregio", "bottleneck", "pass", matter, "--reason",
                           "not-competent")
        listed = self.chain.ask(NATION, "bottleneck", "list", "--level", "national")
        self.chain.command(NATION, "bottleneck", "solve", matter, "--decision", "explain-rule",
                           "--reason", "solved")
        settled = self.items("arbeidsmarktregio", "matter_settled")
        self.tell("de stad mag de regel niet wijzigen en geeft het door; het Rijk ziet het "
                  "onderwerp, niet het gezin, "
                  "legt de regel uit, en iedereen daaronder hoort het",
                  "the city may not change the rule and passes it up; the nation sees the topic, "
                  "not the family, "
                  "explains the rule, and everyone below is told",
                  beyond and listed[0]["topic"] == "cost-sharing-rule" and "plan" not in listed[0]
                  and settled)

    def newborn(self):
        self.day("2026-06-05")
        future = self.refused(CARE, "KT-1365", "plan", "join", self.plan, "--person", BABY,
                              "--since", "2026-06-20", "--reason", "birth")
        self.chain.command(CARE, "plan", "join", self.plan, "--person", BABY, "--since",
                           "2026-06-04", "--reason", "birth")
        members = [row for row in self.chain.ask(CARE, "plan", "show", self.plan)
                   if row.get("row") == "member"]
        self.tell("er is een kind geboren en het plan krijgt een lid; een geboorte in de toekomst "
                  "wordt geweigerd",
                  "a child is born and the plan has another member; a birth in the future is "
                  "refused",
                  future and len(members) == 3)

    def one_family(self):
        other = self.chain.command(CARE, "signal", "social-report", "--person", FATHER, "--detail",
                                   "given=Jan", "surname=Strauss", "born=1985-09-10", *ADDRESS,
                                   "--field", "worry=home", "urgent=yes")
        self.other = f"p{other['plan']}"
        question = self.chain.ask(DESK, "question", "list")[0]
        self.chain.command(DESK, "question", "answer", f"m{question['matter']}", "same",
                           "--reason", "zij wonen weer samen")
        self.tell(f"een melding over Jan Strauss opent {self.other}; hetzelfde adres en bijna "
                  "dezelfde naam (Strauß) worden een vraag aan een mens, met een termijn",
                  f"a report about Jan Strauss opens {self.other}; the same address and almost the "
                  "same name (Strauß) become a question to a human, with a term",
                  other["opened"] and question["due"] and self.items(CARE, "question"))
        self.chain.command(CARE, "plan", "merge", self.plan, self.other, "--reason",
                           "zij wonen weer samen")
        asked = next(item["matter"] for item in self.items(DESK, "matter_opened")
                     if item["matter"]["kind"] == "merge")
        apart = self.chain.ask(DESK, "plan", "show", self.other)[0]["accountable"]
        self.chain.command(DESK, "plan", "accept", f"m{asked['matter']}")
        whole = self.chain.ask(CARE, "plan", "show", self.other)
        self.tell("Anouk wil de plannen samenvoegen; het meldpunt houdt het zijne tot het toestemt,"
                  " en dan is het één plan",
                  "Anouk wants to merge them; the desk keeps its own until it agrees, and then it"
                  " is one plan",
                  asked and apart == DESK and whole[0]["plan"] == int(self.plan[1:])
                  and sum(row.get("row") == "member" for row in whole) == 4)

    def apart_again(self):
        self.day("2026-06-08")
        step = self.steps(CARE)["look-in"]
        self.chain.command(CARE, "step", "accept", self.chain.step_id(step), "--worker", "Daan")
        self.chain.command(CARE, "plan", "unmerge", self.plan, self.other, "--reason",
                           "toch niet hetzelfde gezin")
        theirs = [row for row in self.chain.ask(DESK, "plan", "show", self.other)
                  if row.get("row") == "step"]
        self.tell("het was toch niet één gezin: beide plannen zijn weer zoals ze waren, en wat "
                  "intussen voor de vader begon, ligt in het zijne",
                  "they were no one family after all: both plans are as they were, and what began "
                  "for the father meanwhile lies in his",
                  [row["kind"] for row in theirs] == ["look-in"] and theirs[0]["state"] == "active"
                  and "look-in" not in self.steps(CARE))

    def two_homes(self):
        shut = self.refused(DESK, "KT-1367", "plan", "join", self.other, "--person", BABY,
                            "--reason", "moved-in")
        self.chain.command(DESK, "plan", "join", self.other, "--person", BABY, "--second",
                           "--reason", "divorce")
        members = [row for row in self.chain.ask(DESK, "plan", "show", self.other)
                   if row.get("row") == "member"]
        self.tell("het kind is de halve week bij de vader: lid van twee huishoudens, waarvan er "
                  "één leidt; een tweede plan zonder dat te zeggen kan niet",
                  "the child is with the father half of the week: a member of two households, one "
                  "of which leads; a second plan without saying so is refused",
                  shut and len(members) == 2)

    def on_his_own(self):
        parted = self.chain.command(CARE, "plan", "split", self.plan, "--person", CHILD, "--reason",
                                    "came-of-age")
        members = [row for row in self.chain.ask(CARE, "plan", "show", self.plan)
                   if row.get("row") == "member"]
        held = [row for row in self.chain.ask(CARE, "plan", "list", "--mine")]
        self.tell("de oudste gaat op zichzelf wonen en krijgt een eigen plan, bij dezelfde "
                  "regisseur",
                  "the eldest moves out and gets a plan of its own, with the same coordinator",
                  parted and len(members) == 2 and len({row["plan"] for row in held}) == 2)

    def rest_ends(self):
        self.chain.ask(HOME, "inbox", "--ack")
        self.day("2026-09-01")
        self.chain.advance("2026-09-01T13:00:00+02:00")
        ended = self.items(HOME, "pause_ended")
        self.tell("de adempauze is voorbij en zegt dat; de betalingsregeling wordt aangeboden",
                  "the pause is over and says so; the rent agreement is offered",
                  ended and self.steps(CARE)["agree-rent"]["state"] == "offered")

    def silent(self):
        self.day("2026-09-07")
        silent = self.items(CARE, "partner_silent")
        partners = self.chain.ask("administrator", "partner", "list")
        flagged = [row["partner"] for row in partners if row.get("silent_since")]
        self.chain.ask(HOME, "inbox", "--ack")
        speaks = self.items(CARE, "partner_speaks")
        self.tell("Lefier verwerkt al dagen niets van wat er ligt: wie op Lefier wacht krijgt dat "
                  "te horen, en ook dat het weer iets van zich laat horen",
                  "Lefier has processed nothing for days: whoever waits for Lefier is told, and "
                  "also that it gives a sign again", silent and HOME in flagged and speaks)

    def other_city(self, top):
        """Alkmaar's partners and its agreement, recorded at the running daemon."""
        city = self.chain.path("..", "alkmaar")
        arrangement = os.path.join(top, "chains", "alkmaar-overdie.yaml")
        subprocess.run([self.chain.binary("keten"), "init", city, "--arrangement", arrangement],
                       check=True, stdout=subprocess.DEVNULL)
        for partner in ("gemeente", "woonwaard", "welzijn", "uwv"):
            self.chain.command("administrator", "partner", "load",
                               os.path.join(city, "partners.d", partner + ".yaml"))
            context = self.chain.context(partner)
            shutil.copytree(os.path.join(city, "contexts", partner), context)
            for name in ("endpoint", "server.key"):
                shutil.copy(os.path.join(self.chain.context("administrator"), name), context)
        self.chain.command("administrator", "arrangement", "load", arrangement)

    def moves(self):
        self.day("2026-09-14")
        nowhere = self.refused(CARE, "KT-1", "plan", "move", self.plan, "--to-arrangement",
                               "utrecht-overvecht", "--reason", "moved")
        self.chain.command(CARE, "plan", "move", self.plan, "--to-arrangement", "alkmaar-overdie",
                           "--reason", "moved")
        asked = next(item["matter"] for item in self.items("gemeente", "matter_opened")
                     if item["matter"]["kind"] == "move")
        still = self.chain.ask(CARE, "plan", "show", self.plan)[0]
        self.chain.command("gemeente", "plan", "accept", f"m{asked['matter']}")
        moved = self.chain.ask("gemeente", "plan", "show", self.plan)[0]
        status, _ = self.chain.keten(CARE, "step", "offer", self.plan, "family-coach")
        self.tell("het gezin verhuist naar Alkmaar: het plan blijft van Groningen tot Alkmaar het "
                  "aanneemt, en loopt daar verder onder het eigen arrangement",
                  "the family moves to Alkmaar: the plan stays Groningen's until that accepts it,"
                  " and goes on there under its own arrangement",
                  nowhere and still["accountable"] == CARE and status == 1
                  and (moved["arrangement"], moved["accountable"]) == ("alkmaar-overdie",
                                                                       "gemeente"))

    def verified(self):
        if self.chain.stop() != 0:
            raise Stuck("ketend did not stop in order")
        status, said = self.chain.keten("administrator", "verify", self.chain.path("data"))
        self.tell("keten verify: elke regel houdt", "keten verify: every rule holds", status == 0)

    def play(self, top):
        self.chain.init(os.path.join(top, "chains", "groningen-de-hoogte.yaml"), "2026-04-01")
        self.chain.start()
        self.other_city(top)
        for chapter in (self.repeats, self.extends, self.regie, self.pause, self.leave, self.late,
                        self.bottleneck, self.newborn, self.one_family, self.apart_again,
                        self.two_homes, self.on_his_own, self.rest_ends, self.silent,
                        self.moves, self.verified):
            chapter()
