"""Likelihood of the one-part model in closed form, for many sets of weights at once.

g_ij = x_ij'b + u_i + e_ij with u ~ N(0, between), e ~ N(0, within / v_ij). With r = between / within, m_i = sum of v_ij
and c_i = r / (1 + m_i r), all that the likelihood of a set of weights needs are weighted sums of products, so that the
weights of all replicates enter as one matrix product. Coefficients and the variance within are profiled; of r the
root of the score is taken by Newton's method within a bracket.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Products", "Profile", "products", "profile"]

PEOPLE_AT_ONCE = 5_000  # bounds the memory of the products; parts are summed in order
RATIO_BOUNDS = (1e-8, 1e6)  # between / within
STEPS = 60
ROUNDED = 12  # decimals of sums of v: the same days in another order are one kind of person
CLOSE = 1e-12  # of the logarithm of the ratio

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class Products:
    """Weighted sums of products, S sets of weights, p columns, K responses, L kinds of people by sum of ``v``.

    ``xx`` (S, p, p), ``xy`` (S, p, K), ``yy`` (S, K): over days. ``sxx`` (L, S, p, p), ``sxy``, ``syy``: of sums over
    the days of a person. ``people`` (L, S) and ``days`` (S,): sums of weights; ``m`` (L,): sum of ``v`` of each kind.
    """

    xx: Floats
    xy: Floats
    yy: Floats
    sxx: Floats
    sxy: Floats
    syy: Floats
    people: Floats
    days: Floats
    m: Floats


@dataclass(frozen=True)
class Profile:
    """Best fit for each set of weights and response: ``beta`` (S, K, p), the others (S, K).

    ``loglik`` is that of the responses: without the Jacobian of the transformation.
    """

    ratio: Floats
    beta: Floats
    within: Floats
    loglik: Floats


def products(x: Floats, y: Floats, starts: Places, weights: Floats, v: Floats | None = None) -> Products:
    """Sum products of columns ``x`` (p, days) and responses ``y`` (K, days).

    ``starts``: first day of each person; ``weights`` (people, S); ``v``: precision of each day, 1 unless given.
    """
    p, days = x.shape
    k, sets = len(y), weights.shape[1]
    ends = np.r_[starts[1:], days]
    count = ends - starts
    sums = count.astype(float) if v is None else np.add.reduceat(v, starts).round(ROUNDED)
    m, kind = np.unique(sums, return_inverse=True)
    upper = np.triu_indices(p)
    width = len(upper[0]) + p * k + k
    total = np.zeros((width, sets))
    by_kind = np.zeros((len(m), width, sets))
    size = PEOPLE_AT_ONCE if sets > 1 else PEOPLE_AT_ONCE // 5  # one set: products that stay in the cache
    for begin in range(0, len(starts), size):
        part = slice(begin, min(begin + size, len(starts)))
        rows = slice(int(starts[begin]), int(ends[part.stop - 1]))
        at = starts[part] - starts[begin]
        w = weights[part]
        vx, vy = (z[:, rows] if v is None else z[:, rows] * v[rows] for z in (x, y))
        total += _weigh(_pack(x[:, rows], y[:, rows], vx, vy, upper), np.repeat(w, count[part], axis=0))
        sx, sy = (np.add.reduceat(z, at, axis=1) for z in (vx, vy))
        packed = _pack(sx, sy, sx, sy, upper)
        for number in np.flatnonzero(np.bincount(kind[part])).tolist():
            these = kind[part] == number
            by_kind[number] += _weigh(packed, w) if these.all() else _weigh(packed[:, these], w[these])
    people = np.stack([weights[kind == number].sum(axis=0) for number in range(len(m))])
    xx, xy, yy = _unpack(total.T, p, k, upper)
    sxx, sxy, syy = _unpack(np.swapaxes(by_kind, 1, 2), p, k, upper)
    return Products(xx, xy, yy, sxx, sxy, syy, people, count @ weights, m)


def _weigh(packed: Floats, weights: Floats) -> Floats:
    """Return sums (width, S); one set of weights without the threads of BLAS, which cost more than they bring."""
    if weights.shape[1] == 1:
        return np.asarray(np.einsum("wm,m->w", packed, weights[:, 0]))[:, None]
    return np.asarray(packed @ weights)


def _pack(x: Floats, y: Floats, vx: Floats, vy: Floats, upper: tuple[Places, Places]) -> Floats:
    cross = (x[:, None, :] * vy[None, :, :]).reshape(-1, x.shape[1])
    return np.concatenate([x[upper[0]] * vx[upper[1]], cross, y * vy])


def _unpack(packed: Floats, p: int, k: int, upper: tuple[Places, Places]) -> tuple[Floats, Floats, Floats]:
    pairs = len(upper[0])
    lead = packed.shape[:-1]
    square = np.empty((*lead, p, p))
    square[..., upper[0], upper[1]] = packed[..., :pairs]
    square[..., upper[1], upper[0]] = packed[..., :pairs]
    cross = packed[..., pairs : pairs + p * k].reshape(*lead, p, k)
    return square, cross, packed[..., pairs + p * k :]


def profile(sums: Products, log_ratio: Floats | float = 0.0) -> Profile:
    """Fit each set of weights and response by maximum likelihood; ``log_ratio`` (S, K or alike): where to begin."""
    shape = sums.yy.shape
    theta = np.broadcast_to(np.asarray(log_ratio, dtype=float), shape).copy()
    low = np.full(shape, np.log(RATIO_BOUNDS[0]))
    high = np.full(shape, np.log(RATIO_BOUNDS[1]))
    for _ in range(STEPS):
        slope, curve = _score(sums, np.exp(theta))
        low = np.where(slope > 0, theta, low)
        high = np.where(slope > 0, high, theta)
        with np.errstate(divide="ignore", invalid="ignore"):
            step = theta - slope / curve
        inside = (curve < 0) & (step > low) & (step < high)
        new = np.where(inside, step, (low + high) / 2)
        moved = np.abs(new - theta).max()
        theta = new
        if moved < CLOSE:
            break
    ratio = np.exp(theta)
    beta, q = _solve(sums, ratio)[:2]
    within = q / sums.days[:, None]
    spread = np.einsum("ls,lsk->sk", sums.people, np.log1p(sums.m[:, None, None] * ratio))
    loglik = -0.5 * (sums.days[:, None] * (np.log(2 * np.pi) + np.log(within) + 1) + spread)
    return Profile(ratio, beta, within, loglik)


def _solve(sums: Products, ratio: Floats) -> tuple[Floats, Floats, Floats]:
    """Return coefficients (S, K, p), weighted residual sum (S, K) and the matrix (S, K, p, p) at these ratios."""
    c = ratio / (1 + sums.m[:, None, None] * ratio)
    a = sums.xx[:, None] - np.einsum("lsk,lspq->skpq", c, sums.sxx)
    b = np.moveaxis(sums.xy - np.einsum("lsk,lspk->spk", c, sums.sxy), 1, 2)
    q = sums.yy - np.einsum("lsk,lsk->sk", c, sums.syy)
    beta = np.linalg.solve(a, b[..., None])[..., 0]
    return beta, q - (beta * b).sum(axis=-1), a


def _score(sums: Products, ratio: Floats) -> tuple[Floats, Floats]:
    """First and second derivative of the profiled log-likelihood in the logarithm of the ratio, (S, K)."""
    beta, q, a = _solve(sums, ratio)
    grown = 1 + sums.m[:, None, None] * ratio
    first, second = 1 / grown**2, -2 * sums.m[:, None, None] / grown**3  # of c in the ratio
    through = np.einsum("lspq,skq->lskp", sums.sxx, beta)
    cross = np.moveaxis(sums.sxy, 2, 3)
    left = cross - through
    square = sums.syy - np.einsum("lskp,skp->lsk", cross + left, beta)  # of residual sums of people
    e = np.einsum("lsk,lskp->skp", first, left)
    bent = np.linalg.solve(a, e[..., None])[..., 0]
    q1 = -(first * square).sum(axis=0)
    q2 = -(second * square).sum(axis=0) - 2 * (e * bent).sum(axis=-1)
    days, m = sums.days[:, None], sums.m[:, None, None]
    people = sums.people[:, :, None]
    d1 = -0.5 * (days * q1 / q + (people * m / grown).sum(axis=0))
    d2 = -0.5 * (days * (q2 / q - (q1 / q) ** 2) - (people * (m / grown) ** 2).sum(axis=0))
    return ratio * d1, ratio * d1 + ratio**2 * d2
