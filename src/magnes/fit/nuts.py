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

NEWTON_STEPS, LARGEST_STEP = 15, 0.25
WARM_UP = 300


def sampled(found: Laplace, number: int, seed: int) -> Sample:
    """Draw scores given the data, from the mode on. Raises ``InputProblems`` when NumPyro is not installed."""
    try:
        import jax
        from numpyro.infer import MCMC, NUTS, init_to_value
    except ImportError as error:
        raise InputProblems([InputProblem("extra_missing", accepted="magnes[nuts]")]) from error
    jax.config.update("jax_enable_x64", True)
    problem = found.problem
    kernel = NUTS(_model, init_strategy=init_to_value(values={"z": found.mode}))
    chain = MCMC(kernel, num_warmup=WARM_UP, num_samples=number, progress_bar=False)
    chain.run(jax.random.PRNGKey(seed), problem)
    z = np.asarray(chain.get_samples()["z"], dtype=float).T
    _, drawn = problem.at(z)
    return Sample(z, drawn, _effective(z))


def _model(problem: Problem) -> None:
    import numpyro
    from jax import numpy as jnp
    from numpyro import distributions as dist

    z = numpyro.sample("z", dist.Normal(0.0, 1.0).expand([len(problem.names)]).to_event(1))
    predicted = jnp.stack(_log_predicted(problem, z))
    numpyro.sample("data", dist.Normal(predicted, problem.log_sds).to_event(1), obs=problem.log_values)


def _log_predicted(problem: Problem, z: Any) -> list[Any]:
    p = problem.scenario.present(*problem.scenario.uncertain(problem.scores(z)))
    return problem.log_predicted(z, p, _settled(p))


def _settled(p: dict[str, Any]) -> dict[str, Any]:
    """Find the steady state as ``steady.settled`` does; the last step carries the derivative of the root."""
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
    return with_pools(at_levels(levels, body), p)


def _effective(z: Any) -> float:
    """Independent draws that the chain is worth, of the score that is worst."""
    from numpyro.diagnostics import effective_sample_size

    return float(np.min(effective_sample_size(z.T[None])))
