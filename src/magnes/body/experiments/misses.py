"""Why the model misses a published quantity: no row outside its interval goes without a reason."""

from __future__ import annotations

__all__ = ["MISSES"]

STUDIES = "absorption studies contradict each other (0.32 to 0.52 at like doses); the fit lies between them"
LOSS = "the rows on composition do not add up to one body (bone 0.55, soft tissue 0.36)"
TRIALS = "trials contradict each other: rows MG123 and MG125 saw a rise"
POOL = "an infusion spreads further within hours than here: loads that are gone in a day (MG092) pull against it"
BALANCE = "at steady state urine equals what is absorbed; the diet of these people is not in the text seen"
SPLINE = "a spline between trials; the model has no such plateau and settles in weeks"
ALCOHOL = "one size of the fault of the kidney: people with this disorder differ, eat little and vomit"
SHIFT = "sweat alone; exercise and heat move fluid and magnesium between blood and cells, which the model has not"
CKD = "magnesium rises too little in poor kidneys; these people were old and many used laxatives"
CROWD = "healthy people with one added effect: patients differ more from one another"

MISSES: dict[str, str] = {
    "MG008": LOSS,
    "MG032": "read at 18 to 48 hours, where blood follows tissue that exchanges within days",
    "MG033": "tracer work of 1960 says that two thirds of the body turn over fast; later work says 12 to 18 %",
    "MG042": STUDIES,
    "MG045": STUDIES,
    "MG050": "a thousandth below the bound; value from memory",
    "MG060": "growth of a scaled body only: girls of 11 build bone faster",
    "MG079": "a share of 0.70 lies on the bound: clearance of infusions asks for a loop that works hard at rest",
    "MG097": "red cells are renewed at one sixtieth a day; uptake by old cells is left out",
    "MG100": "muscle gives what tracers say that it exchanges; in this study it was spared",
    "MG104": "loss with the bowel at a low intake is small, so balance is reached a little early",
    "MG109": "read off where secretion is halved; the row rests on memory",
    "MG119": SPLINE,
    "MG120": SPLINE,
    "MG121": SPLINE,
    "MG122": SPLINE,
    "MG129": POOL,
    "MG130": POOL,
    "MG131": POOL,
    "MG132": "healthy kidneys differ by 17 %; in pre-eclampsia they differ more",
    "MG137": "contradicts the other clearances (4.6 to 5.0 L/h) and its own measured levels",
    "MG144": POOL,
    "MG154": "confounded: who gets loop diuretics differs; the model follows acute clearance",
    "MG159": CROWD,
    "MG163": ALCOHOL,
    "MG164": ALCOHOL,
    "MG166": "loss by leaking kidneys (protein in urine) is no part of the model",
    "MG171": "loss of the distal part alone lowers serum less; row from memory",
    "MG182": SHIFT,
    "MG184": SHIFT,
    "MG192": ALCOHOL,
    "MG193": ALCOHOL,
    "MG195": ALCOHOL,
    "MG198": TRIALS,
    "MG201": "red cells are renewed at one sixtieth a day; uptake by old cells is left out",
    "MG202": "only the dissolving 30 % of oxide counts; with all of it the rise is as seen",
    "MG204": TRIALS,
    "MG211": STUDIES,
    "MG217": BALANCE,
    "MG220": BALANCE,
    "MG221": "PTH frees too little magnesium from bone within days, as calcium rises too little",
    "MG223": "in the model the calcium that shuts the loop and the bone that is freed outweigh each other",
    "MG225": "a filtered load and excretion that do not fit the balance of MG083; ten people",
    "MG226": CROWD,
    "MG232": CKD,
    "MG233": CKD,
    "MG235": CKD,
    "MG236": CKD,
    "MG237": CKD,
    "MG238": CKD,
    "MG241": POOL,
    "MG252": "glucose in the tubule is no state; at steady state urine is what is absorbed",
    "MG263": "a review's estimate; trials (MG268) and cohorts (MG152) find less",
}
