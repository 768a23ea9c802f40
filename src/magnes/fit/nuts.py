"""The whole posterior by NumPyro's NUTS: the same equations and the same density, differentiated by JAX.

Needs the extra ``nuts``. Compiling takes most of the time; one person takes about a minute.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from magnes.body.steady import LEVELS, at_levels, out_of_balance, with_pools
from magnes.errors import InputProblems
from magnes.errors import Problem as InputProblem
from magnes.fit.posterior import Laplace, Problem, Sample

__all__ = ["sampled"]

NEWTON_STEPS, LARGEST_STEP, ARRIVED = 15, 0.25, 1e-6
WARM_UP, CHAINS = 100, 8  # as many chains as one costs: the loops of the model do not mind


def sampled(found: Laplace, number: int, seed: int) -> Sample:
    """Draw scores given the data, from the mode on. Raises ``InputProblems`` when NumPyro is not installed."""
    try:
        import jax
        from numpyro.infer import MCMC, NUTS, init_to_value
    except ImportError as error:
        missing = InputProblem("extra_missing", found="numpyro", accepted="pip install 'magnes[nuts]'")
        raise InputProblems([missing]) from error
    jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call]
    root = np.linalg.cholesky(found.covariance)
    start = init_to_value(values={"steps": np.zeros(len(found.mode))})
    mcmc = MCMC(
        NUTS(_model, init_strategy=start),
        num_warmup=WARM_UP,
        num_samples=-(-number // CHAINS),
        num_chains=CHAINS,
        chain_method="vectorized",
        progress_bar=False,
    )
    mcmc.run(jax.random.PRNGKey(seed), found.problem, found.mode, root)
    steps = np.asarray(mcmc.get_samples(group_by_chain=True)["steps"], dtype=float)
    z = found.mode[:, None] + root @ steps.reshape(-1, len(found.mode))[:number].T
    return Sample(z, found.problem.at(z)[1], _effective(steps))


def _model(problem: Problem, mode: Any, root: Any) -> None:
    """Log density of the scores, in steps from the mode along the axes of Laplace's normal."""
    import numpyro
    from jax import numpy as jnp
    from numpyro import distributions as dist

    steps = numpyro.sample("steps", dist.Normal(0.0, 1.0).expand([len(problem.names)]).to_event(1))
    z = mode + root @ steps
    residuals = (problem.log_values - jnp.stack(_log_predicted(problem, z))) / problem.log_sds
    numpyro.factor("posterior", (jnp.sum(steps**2) - jnp.sum(z**2) - jnp.sum(residuals**2)) / 2)


def _log_predicted(problem: Problem, z: Any) -> list[Any]:
    p = problem.scenario.present(*problem.scenario.uncertain(problem.scores(z)))
    return problem.log_predicted(z, p, _settled(p))


def _settled(p: dict[str, Any]) -> dict[str, Any]:
    """Find the steady state as ``steady.settled`` does; the last step carries the derivative of the root.

    A body that has none is not a number: the sampler then rejects it, as resampling does.
    """
    import jax
    from jax import numpy as jnp

    def residual(levels: Any, body: Any) -> Any:
        return jnp.stack([jnp.asarray(part) for part in out_of_balance(levels, body)])

    def step(levels: Any, body: Any) -> Any:
        return -jnp.linalg.solve(jax.jacfwd(residual)(levels, body), residual(levels, body))

    still = SimpleNamespace(**{name: jax.lax.stop_gradient(value) for name, value in p.items()})

    def damped(_: int, levels: Any) -> Any:
        change = step(levels, still)
        return levels + change * jnp.minimum(1.0, LARGEST_STEP / jnp.maximum(jnp.max(jnp.abs(change)), 1e-300))

    body = SimpleNamespace(**p)
    root = jax.lax.fori_loop(0, NEWTON_STEPS, damped, jnp.zeros(len(LEVELS)))
    slopes = jax.jacfwd(residual)(root, still)
    levels = root - jnp.linalg.solve(slopes, residual(root, body))
    levels = jnp.where(jnp.max(jnp.abs(residual(root, still))) < ARRIVED, levels, jnp.nan)
    return with_pools(at_levels(levels, body), p)


def _effective(steps: Any) -> float:
    """Independent draws that the chains (chains, draws, scores) are worth, of the score that is worst."""
    from numpyro.diagnostics import effective_sample_size

    return float(np.min(effective_sample_size(steps)))
