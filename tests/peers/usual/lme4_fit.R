# The same model in lme4: Rscript lme4_fit.R DAYS.csv LAMBDA|free [REPEATS]
# DAYS.csv: person, intake_mg, then one numeric column for each coefficient but the intercept.
# Prints CSV: name,value. Times are the best of REPEATS (default 1), of fitting only.
suppressPackageStartupMessages(library(lme4))
given <- commandArgs(trailingOnly = TRUE)
days <- read.csv(given[1], check.names = FALSE)
repeats <- if (length(given) > 2) as.integer(given[3]) else 1
terms <- setdiff(names(days), c("person", "day", "intake_mg"))
right <- paste(c("1", sprintf("`%s`", terms), "(1 | person)"), collapse = " + ")
tight <- lmerControl(calc.derivs = FALSE, optimizer = "nloptwrap",
                     optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-12, maxeval = 10000))
logs <- sum(log(days$intake_mg))
fit_at <- function(lam) {
  days$g <- if (lam == 0) log(days$intake_mg) else (days$intake_mg^lam - 1) / lam
  lmer(as.formula(paste("g ~", right)), data = days, REML = FALSE, control = tight)
}
loglik_at <- function(lam) as.numeric(logLik(fit_at(lam))) + (lam - 1) * logs
best <- c(Inf, Inf)
for (i in seq_len(repeats)) {
  spent <- system.time({
    lam <- if (given[2] == "free") optimize(loglik_at, c(0.01, 0.99), maximum = TRUE, tol = 1e-7)$maximum
           else as.numeric(given[2])
    fitted <- fit_at(lam)
  })
  best <- pmin(best, c(spent[["elapsed"]], spent[["user.self"]] + spent[["sys.self"]]))
}
spread <- as.data.frame(VarCorr(fitted))$vcov
show <- function(name, value) cat(name, ",", format(value, digits = 17), "\n", sep = "")
cat("name,value\n")
show("lam", lam)
for (i in seq_along(fixef(fitted))) show(paste0("beta.", i - 1), fixef(fitted)[[i]])
show("var_between", spread[1])
show("var_within", spread[2])
show("loglik", loglik_at(lam))
show("seconds", best[1])
show("seconds.processor", best[2])
cat("R,", as.character(getRversion()), "\n", sep = "")
cat("lme4,", as.character(packageVersion("lme4")), "\n", sep = "")
