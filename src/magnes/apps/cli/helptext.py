"""Help in the language of the user, without loading the message catalogue: ``--help`` must be instant."""

from __future__ import annotations

import os

__all__ = ["default_language", "told"]

_TEXT: dict[str, tuple[str, str]] = {
    "magnes": (
        (
            "Magnesium in het lichaam: inname, behoefte, opname en veiligheid, met interval en bron.\n\n"
            "Informatie, geen diagnose. Niets verlaat deze computer. Taal: MAGNES_LANG=nl of en.\n\n"
            "Uitgang: 0 goed, 1 fout in de invoer, 2 verkeerd gebruik, 3 stop (contra-indicatie)."
        ),
        (
            "Magnesium in the body: intake, need, absorption and safety, with interval and source.\n\n"
            "Information, not a diagnosis. Nothing leaves this computer. Language: MAGNES_LANG=nl or en.\n\n"
            "Exit: 0 fine, 1 input error, 2 usage, 3 a stop (contraindication)."
        ),
    ),
    "commands": ("Opdrachten", "Commands"),
    "assess": (
        "Beoordeel een persoon: PERSOON.toml met of zonder eetdagboek.",
        "Assess a person: PERSON.toml with or without a food diary.",
    ),
    "plan": (
        "Maak een plan: hoe u ervoor staat, eten eerst, dan een veilige dosis, kloktijden en zes stappen.",
        "Make a plan: how you stand, food first, then a safe dose, clock times and six steps.",
    ),
    "prices": (
        "Producten met prijzen (zie magnes products): dan telt de prijs mee.",
        "Products with prices (see magnes products): then the price counts.",
    ),
    "fit": (
        "Bereken hoe een persoon ervoor staat met de meetwaarden, en wat er komt (risico-indicatie).",
        "Compute how a person stands with the laboratory values, and what lies ahead (risk indication).",
    ),
    "nuts": (
        "Trek met NUTS, ongeveer een minuut (vraagt het pakket numpyro).",
        "Sample with NUTS, about a minute (needs the package numpyro).",
    ),
    "fit_draws": ("Aantal lichamen dat bij de persoon kan passen.", "Number of bodies that the person may have."),
    "fan_svg": ("Teken de vooruitblik in dit SVG-bestand.", "Draw the look ahead in this SVG file."),
    "simulate": (
        "Bereken magnesium in het lichaam over dagen tot jaren, na stoppen of beginnen met iets.",
        "Follow magnesium in the body over days to years, after stopping or starting something.",
    ),
    "timetable": (
        "Zet alle medicijnen en supplementen van een dag op tijden die elkaar niet storen.",
        "Place all medicines and supplements of a day at clock times that do not disturb each other.",
    ),
    "timetable_add": (
        "Een supplement erbij: zout, mg per keer, gewenste tijden (citrate:150@08:00,20:00).",
        "A supplement beside the rest: salt, mg per taking, wished times (citrate:150@08:00,20:00).",
    ),
    "ics": (
        "Schrijf een agenda met dagelijkse herinneringen naar dit .ics-bestand.",
        "Write a calendar with daily reminders to this .ics file.",
    ),
    "timetable_svg": ("Teken de dag in dit SVG-bestand, om te printen.", "Draw the day in this SVG file, to print."),
    "days": ("Zo veel dagen vooruit.", "That many days ahead."),
    "mode": (
        "daily: per dag, voor maanden; meals: elke maaltijd, voor weken.",
        "daily: by day, for months; meals: each meal, for weeks.",
    ),
    "meal_days": (
        "Met --mode meals hoogstens 366 dagen; neem daily voor langer.",
        "With --mode meals at most 366 days; take daily for longer.",
    ),
    "few_draws": ("Neem 0 of ten minste 50 berekeningen.", "Take 0 or at least 50 runs."),
    "stop": ("Een medicijn van deze persoon stopt op dag 0.", "A medicine of this person stops on day 0."),
    "add": (
        "Een supplement begint op dag 0: zout, mg per keer, tijden (citrate:150@08:00,20:00).",
        "A supplement begins on day 0: salt, mg per taking, times (citrate:150@08:00,20:00).",
    ),
    "draws": ("Aantal berekeningen voor de marge; 0: geen marge.", "Number of runs for the bands; 0: no bands."),
    "seed": ("Begin van de toevalsgetallen.", "Seed of the random numbers."),
    "course_svg": ("Teken het verloop in dit SVG-bestand.", "Draw the course in this SVG file."),
    "check": (
        "Controleer medicijnen, aandoeningen en supplementen van een persoon.",
        "Check a person's medicines, conditions and supplements.",
    ),
    "food": (
        "Zoek een voedingsmiddel: magnesium per 100 g, spreiding, huishoudmaten.",
        "Look up a food: magnesium per 100 g, spread, household measures.",
    ),
    "products": (
        "Zet supplementen op volgorde van prijs per opgenomen magnesium (tabel met etiket en prijs).",
        "Order supplements by the price of absorbed magnesium (table with label and price).",
    ),
    "medicine": (
        "Zoek een medicijn: wisselwerking met magnesium, uren ertussen, bron.",
        "Look up a medicine: interaction with magnesium, hours between, source.",
    ),
    "salt": (
        "Zoek een magnesiumzout: gehalte, oplosbaarheid, opname; zonder naam de lijst.",
        "Look up a magnesium salt: content, solubility, absorption; without a name the list.",
    ),
    "lab": (
        "Toon referentiewaarden van magnesium en wat de meting verstoort.",
        "Show reference values of magnesium and what disturbs the measurement.",
    ),
    "why": (
        'Waarom een klacht, een functie of een oorzaak: `magnes why "krampen in de nacht"`; zonder naam de lijst.',
        'Why a complaint, a function or a cause: `magnes why "cramps at night"`; without a name the list.',
    ),
    "evidence": (
        "Wat is er bewezen: magnesium bij een klacht of ziekte, met getallen; zonder naam de lijst.",
        "What is proven: magnesium for a complaint or disease, with numbers; without a name the list.",
    ),
    "name_wanted": ("Geef een naam: deze opties gaan over één naam.", "Give a name: these options are about one name."),
    "claims": (
        "Toon de uitspraken van de vijf pagina's, met oordeel en bron.",
        "Show the statements of the five pages, with verdict and source.",
    ),
    "cite": (
        "Toon een bron en waar zij gebruikt is; zonder sleutel alle bronnen.",
        "Show a source and where it is used; without a key all of them.",
    ),
    "body": (
        "Het model van het lichaam zelf: plaatje, tabellen, uitvoer voor andere programma's.",
        "The model of the body itself: picture, tables, export to other programs.",
    ),
    "body_diagram": (
        "Teken voorraden en stromen van een gezonde volwassene als SVG.",
        "Draw pools and flows of a healthy adult as SVG.",
    ),
    "body_table": (
        "Toon voorraden, stromen, signalen en parameters, met bron.",
        "Show pools, flows, signals and parameters, with source.",
    ),
    "body_export": (
        "Schrijf het model als Antimony of SBML, voor COPASI, libRoadRunner en andere.",
        "Write the model as Antimony or SBML, for COPASI, libRoadRunner and others.",
    ),
    "body_petab": (
        "Schrijf de ijking als PEtab-opgave, voor pyPESTO, AMICI, COPASI (vraagt het pakket antimony).",
        "Write the calibration as a PEtab problem, for pyPESTO, AMICI, COPASI (needs the package antimony).",
    ),
    "body_out": ("Schrijf naar dit bestand; anders naar de uitvoer.", "Write to this file; else to the output."),
    "sbml": ("Als SBML (vraagt het pakket antimony).", "As SBML (needs the package antimony)."),
    "knowledge": ("Controleer of exporteer de kennisbank.", "Check or export the knowledge base."),
    "knowledge_check": (
        "Controleer alle tabellen; toon wat niet geverifieerd is, zwaarste eerst.",
        "Check all tables; show what is not verified, heaviest first.",
    ),
    "knowledge_export": (
        "Schrijf alle tabellen als Frictionless Data Package naar een map.",
        "Write all tables as a Frictionless Data Package to a folder.",
    ),
    "all_unverified": ("Toon alle niet geverifieerde rijen.", "Show all rows that are not verified."),
    "page": ("Alleen uitspraken van deze pagina (0 tot 4).", "Only statements of this page (0 to 4)."),
    "verdict": ("Alleen uitspraken met dit oordeel.", "Only statements with this verdict."),
    "ids_or_filter": ("Geef nummers of een filter, niet allebei.", "Give ids or a filter, not both."),
    "conflicts": ("Alleen uitspraken die een andere tegenspreken.", "Only statements that contradict another."),
    "open": ("Alleen wat Magnes nog moet berekenen.", "Only what Magnes still has to compute."),
    "evidence_person": ("Zeg of het voor deze persoon geldt.", "Say whether it holds for this person."),
    "svg": ("Teken de effecten met interval in dit SVG-bestand.", "Draw the effects with intervals in this SVG file."),
    "all_claims": ("Toon alle uitspraken van de pagina's.", "Show all statements of the pages."),
    "why_svg": ("Teken de weg in dit SVG-bestand.", "Draw the way in this SVG file."),
    "bibtex": ("Schrijf BibTeX.", "Write BibTeX."),
    "import": (
        "Lees een tabel in die niet meegeleverd mag worden (NEVO).",
        "Import a table that may not be shipped (NEVO).",
    ),
    "survey": (
        "Beoordeel een hele voedselpeiling (NHANES 2007-2010), of één deelnemer eruit.",
        "Assess a whole survey (NHANES 2007-2010), or one of its participants.",
    ),
    "usual": (
        "Schat de gebruikelijke inname van een hele voedselpeiling (NHANES, of een tabel van dagen).",
        "Estimate the usual intake of a whole survey (NHANES, or a table of days).",
    ),
    "usual_by": (
        "Groepen: geslacht en leeftijd, het model (kinderen, mannen, vrouwen), of de kolom group van het bestand.",
        "Groups: sex and age, the model (children, men, women), or the column group of the file.",
    ),
    "usual_columns": (
        "TOML-bestand dat zegt welke kolom wat bevat (zie docs/populations.md).",
        "TOML file that tells which column holds what (see docs/populations.md).",
    ),
    "usual_weights": (
        "NHANES: mensen met twee dagen (WTDR2D), of iedereen met een eerste dag (WTDRD1).",
        "NHANES: people with two days (WTDR2D), or all with a first day (WTDRD1).",
    ),
    "usual_replicates": (
        "Hoe standaardfouten worden gemaakt; zonder keuze wat de peiling toelaat.",
        "How standard errors are made; without a choice what the survey allows.",
    ),
    "usual_scale": (
        "Waarvoor elk gekwadrateerd verschil telt, bij gewichten van de peiling zelf (Fay-BRR: 1 / (R (1 - k)²)).",
        "What each squared difference counts for, with weights of the survey itself (Fay-BRR: 1 / (R (1 - k)²)).",
    ),
    "usual_svg": ("Teken de verdeling van elke groep in dit SVG-bestand.", "Draw the groups in this SVG file."),
    "usual_out": (
        "Schrijf de tabel naar dit bestand: .csv, .parquet of .json.",
        "Write the table to this file: .csv, .parquet or .json.",
    ),
    "scenario": (
        "Bereken wat ander eten voor een hele peiling doet: verrijken, vervangen, supplementen (SPEC.toml).",
        "Compute what other food does to a whole survey: fortify, swap, supplements (SPEC.toml).",
    ),
    "scenario_survey": (
        "Map met een peiling (NHANES); zonder deze optie de 25 deelnemers in het pakket.",
        "Folder with a survey (NHANES); without this option the 25 participants of the package.",
    ),
    "trial": (
        "Boots een proef met een supplement na: groepen, toeval, meting, verschil; met --power hoeveel mensen.",
        "Run a virtual trial of a supplement: arms, chance, measurement, difference; with --power how many people.",
    ),
    "trial_power": (
        "Bereken de kans om het verschil te vinden, of hoeveel mensen daarvoor nodig zijn.",
        "Compute the power, or how many people are needed for it.",
    ),
    "trial_survey": (
        "Trek mensen uit deze voedselpeiling, in plaats van people.like.",
        "Draw people from this survey, in place of people.like.",
    ),
    "trial_out": (
        "Schrijf de uitkomst naar dit bestand: .json, of .parquet met elke meting.",
        "Write the result to this file: .json, or .parquet with every measurement.",
    ),
    "trial_svg": ("Teken de groepen over de dagen in dit bestand.", "Draw the arms over the days in this SVG file."),
    "trial_no_svg": ("Met --power is er geen tekening.", "With --power there is no picture."),
    "cohort": (
        "Volg veel virtuele mensen van dag tot dag, naar Parquet; te hervatten.",
        "Follow many virtual people day by day, to Parquet; can be resumed.",
    ),
    "cohort_out": ("Map voor de uitkomst, leeg of van dit cohort.", "Folder for the result, empty or of this cohort."),
    "workers": ("Processen op deze computer.", "Processes on this computer."),
    "cluster": (
        "Adres van een Dask-scheduler die het werk verdeelt.",
        "Address of a Dask scheduler that shares out the work.",
    ),
    "cohort_people": ("Aantal mensen, in plaats van dat in SPEC.", "Number of people, instead of that in SPEC."),
    "cohort_days": ("Aantal dagen, in plaats van dat in SPEC.", "Number of days, instead of that in SPEC."),
    "resume": ("Ga verder met een cohort dat stopte.", "Go on with a cohort that stopped."),
    "serve": (
        "Open de webapp op deze computer.",
        "Open the web app on this computer.",
    ),
    "serve_data": (
        "Bestand of PostgreSQL-adres met de gegevens; zonder: een bestand in uw eigen map.",
        "File or PostgreSQL address with the data; without: a file in your own folder.",
    ),
    "serve_key": (
        "Bestand met de sleutel van een versleutelde databank, of - om hem in te typen.",
        "File with the key of an encrypted database, or - to type it.",
    ),
    "serve_host": ("Adres waarop de app luistert.", "Address that the app listens on."),
    "serve_port": ("Poort waarop de app luistert.", "Port that the app listens on."),
    "serve_practice": ("Voor een praktijk: gebruikers, inloggen, rollen.", "For a practice: users, log-in, roles."),
    "serve_name": (
        "Naam waaronder andere computers deze app vinden.",
        "Name by which other computers find this app.",
    ),
    "serve_tls": ("Certificaat en sleutel voor https (PEM).", "Certificate and key for https (PEM)."),
    "serve_proxy": (
        "Adres van de proxy die https verzorgt en die wij vertrouwen.",
        "Address of the proxy that speaks https and that we trust.",
    ),
    "serve_no_browser": ("Open geen browser.", "Open no browser."),
    "about": (
        "Toon versie, tabellen, autoriteiten en licenties.",
        "Show version, tables, authorities and licences.",
    ),
    "diary": ("Eetdagboek (CSV) of Cronometer-export.", "Food diary (CSV) or Cronometer export."),
    "lang": ("Taal van de uitvoer.", "Language of the output."),
    "json": ("Schrijf JSON naar de uitvoer.", "Write JSON to the output."),
    "html": ("Schrijf een HTML-rapport naar dit bestand.", "Write an HTML report to this file."),
    "authority": (
        "Autoriteit voor behoefte en grens (zie `magnes about`).",
        "Authority for need and limit (see `magnes about`).",
    ),
    "allow_unmatched": (
        "Ga door met onbekende voedingsmiddelen; die dagen heten dan onvolledig.",
        "Go on with unknown foods; those days are then called incomplete.",
    ),
    "out": (
        "Schrijf de uitkomst per deelnemer naar dit Parquet-bestand.",
        "Write the result per participant to this Parquet file.",
    ),
    "person": ("Beoordeel één deelnemer (SEQN).", "Assess one participant (SEQN)."),
    "nevo": (
        "Lees het NEVO-bestand in dat u bij het RIVM hebt gedownload.",
        "Import the NEVO file that you downloaded from RIVM.",
    ),
}  # fmt: skip


def default_language() -> str:
    """``MAGNES_LANG`` when it is nl or en, else Dutch."""
    asked = os.environ.get("MAGNES_LANG", "").lower()
    return asked if asked in ("nl", "en") else "nl"


def told(name: str) -> str:
    """Return the help text of a verb or option."""
    dutch, english = _TEXT[name]
    return english if default_language() == "en" else dutch
