"""Why the model misses a published quantity: no row outside its interval goes without a reason."""

from __future__ import annotations

__all__ = ["MISSES"]

STUDIES = "absorption studies contradict each other (0.32 to 0.52 at like doses); the fit lies between them"
LOSS = "the rows on composition do not add up to one body (bone 0.55, soft tissue 0.36)"
TRIALS = "trials contradict each other: rows MG123 and MG125 saw a rise"
POOL = "the pool that exchanges within hours is small: retention of loads (MG092, MG093) pulls against it"
RETENTION = "the model's kidney answers a small intravenous load too slowly; infusions in pregnancy pull the other way"
BALANCE = "at steady state urine equals what is absorbed; the diet of these people is not in the text seen"
SPLINE = "a spline between trials; the model has no such plateau and settles in weeks"
ALCOHOL = "the factor of alcohol is a design choice and was left untuned; stores need more than a lower set point"
GUT_FAILURE = "sizes of a short bowel are design choices; the kidney of the model conserves too completely"
DEEP = "serum falls too deep after a year without magnesium: loss with the gut hardly falls"
SHIFT = "sweat alone; exercise and heat move fluid and magnesium between blood and cells, which the model has not"
CKD = "magnesium rises too little in poor kidneys; these inpatients were old and many used laxatives"
THRESHOLD = "level of the infusion is an assumption; a little above the interval, as is the row used for calibration"

MISSES: dict[str, str] = {
    "MG008": LOSS,
    "MG033": "tracer work of 1960 says that two thirds of the body turn over fast; later work says 12 to 18 %",
    "MG042": STUDIES,
    "MG045": STUDIES,
    "MG050": "half a day's worth of calcitriol is all that raises absorption on a poor diet; value from memory",
    "MG052": "value from memory; large diets are absorbed a little too well",
    "MG053": STUDIES,
    "MG060": "growth of a scaled body only: girls of 11 build bone faster",
    "MG072": THRESHOLD,
    "MG073": THRESHOLD,
    "MG074": THRESHOLD,
    "MG092": RETENTION,
    "MG093": RETENTION,
    "MG096": "two elderly men; the rows on three weeks of depletion ask for a slower fall",
    "MG099": DEEP,
    "MG100": "muscle gives what tracers say that it exchanges; in this study it was spared",
    "MG105": "calcium falls too far when PTH stops: nothing else holds it in the model",
    "MG109": "read off where secretion is halved; the row rests on memory",
    "MG114": "contradicts MG112 in size; ionised calcium is taken as a constant share",
    "MG119": SPLINE,
    "MG120": SPLINE,
    "MG121": SPLINE,
    "MG122": SPLINE,
    "MG129": POOL,
    "MG130": POOL,
    "MG131": POOL,
    "MG137": "contradicts the other clearances (4.6 to 5.0 L/h) and its own measured levels",
    "MG154": "confounded: who gets loop diuretics differs; the model follows acute clearance",
    "MG163": "people admitted to hospital: poor diet, vomiting and refeeding come on top of the factor",
    "MG164": ALCOHOL,
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
    "MG216": GUT_FAILURE,
    "MG217": BALANCE,
    "MG219": GUT_FAILURE,
    "MG220": BALANCE,
    "MG223": "in the model the calcium that shuts the loop and the bone that is freed outweigh each other",
    "MG226": "one factor, that of ciclosporin, stands for both; tacrolimus does more",
    "MG225": "a filtered load and excretion that do not fit the balance of MG083; ten people",
    "MG227": BALANCE,
    "MG228": "one case on an assumed diet",
    "MG229": "one case on an assumed diet",
    "MG232": CKD,
    "MG233": CKD,
    "MG235": CKD,
    "MG236": CKD,
    "MG237": CKD,
    "MG238": CKD,
    "MG241": POOL,
    "MG252": "glucose in the tubule is no state; at steady state urine is what is absorbed",
    "MG254": RETENTION,
    "MG258": "muscle exchanges within weeks, as tracers of four days ask (MG186)",
    "MG263": "a review's estimate; trials (MG268) and cohorts (MG152) find less",
}
