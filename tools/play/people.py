# SPDX-License-Identifier: EUPL-1.2
# Knows: fictitious people, and the files about them as partners' own systems write them.
# Must never know: the chain.


def bsn(index):
    """The index-th number from a range that was never given out and that passes the 11-test."""
    number, found = 999900000, -1
    while True:
        digits = [int(digit) for digit in str(number)]
        weighed = sum(weight * digit for weight, digit in zip(range(9, 1, -1), digits)) - digits[8]
        found += weighed % 11 == 0
        if found == index:
            return str(number)
        number += 1


def early_signal(dossier, persons, amount, since, sent, phone=None):
    """Rent arrears in the exchange model for early signals, as a corporation delivers them."""
    client = {"Burgerservicenummer": persons[0]}
    if phone:
        client["Telefoonnummer"] = phone
    return exchange(sent, vroegsignalen=[{
        "ID": dossier, "crisissignaal": False, "bedrag": amount, "ontstaansdatum": since,
        "signaaldatum": sent, "status": "Nog niet opgepakt", "signaalpartner": {"type": "Huur"},
        "client": client,
        "gezinsleden": [{"Burgerservicenummer": person} for person in persons[1:]]}])


def case_result(dossier, result, taken_up, support, work):
    """A municipality's system writes this about the case: result and attempts at contact."""
    return exchange(taken_up, vroegsignaalzaken=[{
        "resultaat": result, "datum_opgepakt": taken_up, "vroegsignalen": [{"ID": dossier}],
        "contactpogingen": [{"soort": "Telefoon", "bereikt": False, "datum": taken_up,
                             "dagdeel": "Ochtend"},
                            {"soort": "Huisbezoek", "bereikt": True, "datum": taken_up,
                             "dagdeel": "Middag"}],
        "vervolg_steun": support, "vervolg_werk": work}])


def exchange(day, **content):
    return {"codeGegevensleverancier": "demo", "startdatumLevering": day, "einddatumLevering": day,
            "aanleverdatumEnTijd": f"{day}T09:00:00Z",
            "leveringen": [{"teller": 1, "gemeentecode": "0361",
                            "aanleverende_organisatie": {"naam": "demo"}, **content}]}


INTAKE = {"financien": 2, "werk-en-opleiding": 2, "huisvesting": 3, "sociaal-netwerk": 3,
          "maatschappelijke-participatie": 4, "tijdsbesteding": 3}
