"""Rates of the body model, one function each. Units: mmol, litre, day.

A rate is a plain function of ``(s, p)``: the states and the parameters of one body, by name. ``p`` holds anchors, gains
solved from them, and the factors that medicines and conditions put on a named flow (1 in a healthy body). No rate asks
a question about a value: everything is smooth, and runs on floats, arrays, quantities and symbols alike.

Sources of the forms: Fine 1991 (saturable and linear absorption), Rude 1980 (threshold of the kidney), Seo and Park
2008 (segments of the kidney), Rude 1978 and Fatemi 1991 (PTH needs magnesium), Alfrey 1973 and Avioli 1966 (bone and
exchangeable pools). Values with their sources stand in ``model/body.csv``.
"""

from __future__ import annotations

from typing import Any

from magnes.body.smooth import exp, log, positive_part, soft_limit

# Concentrations -------------------------------------------------------------------------------------------------------


def ultrafilterable_mmol_per_l(s: Any, p: Any) -> Any:
    """Magnesium that is not bound to protein, alike in plasma water and interstitium."""
    return s.extracellular / p.magnesium_volume_l


def serum_mmol_per_l(s: Any, p: Any) -> Any:
    """Total magnesium in serum."""
    return ultrafilterable_mmol_per_l(s, p) / p.ultrafilterable_share


def ionised_mmol_per_l(s: Any, p: Any) -> Any:
    """Free magnesium ions in serum."""
    return ultrafilterable_mmol_per_l(s, p) * p.ionised_of_ultrafilterable


def relative(s: Any, p: Any) -> Any:
    """Ultrafilterable magnesium over its baseline."""
    return ultrafilterable_mmol_per_l(s, p) / p.baseline_ultrafilterable_mmol_per_l


def calcium_mmol_per_l(s: Any, p: Any) -> Any:
    """Total calcium in serum."""
    return s.calcium / p.calcium_volume_l


def calcium_relative(s: Any, p: Any) -> Any:
    """Calcium over its baseline; the ionised share is taken as constant."""
    return calcium_mmol_per_l(s, p) / p.baseline_calcium_mmol_per_l


def potassium_mmol_per_l(s: Any, p: Any) -> Any:
    """Potassium in serum: cells and blood are in balance within an hour; a magnesium-poor cell holds less."""
    pump = 1 - p.potassium_pump_loss * tissue_deficit(s, p)
    share = p.potassium_extracellular_share / (
        p.potassium_extracellular_share + (1 - p.potassium_extracellular_share) * pump
    )
    return s.potassium * share / p.potassium_volume_l


# Hormones -------------------------------------------------------------------------------------------------------------


def sensed(s: Any, p: Any) -> Any:
    """Level that the calcium receptor of the parathyroid sees [mmol/L]: calcium ions and, weakly, magnesium ions."""
    calcium = p.ionised_calcium_share * calcium_mmol_per_l(s, p)
    return calcium + p.receptor_magnesium_weight * ionised_mmol_per_l(s, p)


def secretion_drive(x: Any, p: Any) -> Any:
    """Share of the largest secretion at a sensed level ``x`` [mmol/L]."""
    steep = (x / p.receptor_half_mmol_per_l) ** p.receptor_steepness
    return p.secretion_floor + (1 - p.secretion_floor) / (1 + steep)


def magnesium_enough(u: Any, half: Any, steepness: Any) -> Any:
    """Share of a magnesium-dependent step that works at ultrafilterable magnesium over its ``half`` value."""
    return 1 / (1 + (half / u) ** steepness)


def pth(s: Any, p: Any) -> Any:
    """PTH over baseline: gland x calcium receptor x the magnesium that secretion needs (quasi-steady, minutes)."""
    u, at_rest = ultrafilterable_mmol_per_l(s, p), p.baseline_ultrafilterable_mmol_per_l
    half, steep = p.secretion_half_mmol_per_l, p.secretion_steepness
    able = magnesium_enough(u, half, steep) / magnesium_enough(at_rest, half, steep)
    return p.pth_factor * s.gland * secretion_drive(sensed(s, p), p) / secretion_drive(p.baseline_sensed, p) * able


def pth_effect(s: Any, p: Any) -> Any:
    """Effect of PTH on its organs over baseline: they resist when magnesium is very low."""
    u, at_rest = ultrafilterable_mmol_per_l(s, p), p.baseline_ultrafilterable_mmol_per_l
    half, steep = p.resistance_half_mmol_per_l, p.resistance_steepness
    able = magnesium_enough(u, half, steep) / magnesium_enough(at_rest, half, steep)
    return p.pth_effect_floor + (1 - p.pth_effect_floor) * pth(s, p) * able


def calcitriol_change(s: Any, p: Any) -> Any:
    """Calcitriol: made in the kidney under PTH."""
    made = p.vitamin_d_factor * pth_effect(s, p) ** p.calcitriol_pth_power * p.gfr_relative**p.calcitriol_gfr_power
    return p.calcitriol_per_day * (made - s.calcitriol)


def gland_change(s: Any, p: Any) -> Any:
    """Size of the parathyroid: grows with little calcitriol or calcium."""
    aim = log(1 / s.calcitriol) / 2 + 2 * log(1 / calcium_relative(s, p))
    return p.gland_per_day * (exp(soft_limit(aim, p.gland_range_log)) - s.gland)


# Gut ------------------------------------------------------------------------------------------------------------------


def transport_strength(s: Any, p: Any) -> Any:
    """Active absorption over baseline: a factor (PPI, TRPM6) and calcitriol."""
    return p.gut_active_factor * s.calcitriol**p.calcitriol_absorption_power


def lumen_uptake(amount: Any, strength: Any, p: Any) -> Any:
    """Uptake from one stretch of bowel: saturable and linear (Fine 1991)."""
    active = strength * p.absorption_max_mmol_per_day * amount / (p.absorption_half_mmol + amount)
    return active + p.gut_passive_factor * p.passive_share * p.transit_per_day * amount


def uptake_upper(s: Any, p: Any) -> Any:
    """Absorption from the upper bowel."""
    return lumen_uptake(s.gut_upper, transport_strength(s, p), p)


def uptake_lower(s: Any, p: Any) -> Any:
    """Absorption from the lower bowel."""
    return lumen_uptake(s.gut_lower, transport_strength(s, p), p)


def dissolution(s: Any, p: Any) -> Any:
    """Dissolution of a tablet that is not dissolved at once."""
    return p.dissolution_per_day * s.gut_solid


def solid_lost(s: Any, p: Any) -> Any:
    """Undissolved salt that leaves with the stool."""
    return p.solid_transit_share * p.gut_transit_factor * p.transit_per_day * s.gut_solid


def transit(s: Any, p: Any) -> Any:
    """Speed of the bowel: much dissolved magnesium holds water and hurries it (the laxative effect)."""
    return p.gut_transit_factor * p.transit_per_day * (1 + (s.gut_upper + s.gut_lower) / p.osmotic_mmol)


def moved_on(s: Any, p: Any) -> Any:
    """Transit from the upper to the lower bowel."""
    return transit(s, p) * s.gut_upper


def lumen_lost(s: Any, p: Any) -> Any:
    """Transit from the lower bowel to the stool."""
    return transit(s, p) * s.gut_lower


def gut_loss(s: Any, p: Any) -> Any:
    """Magnesium of digestive juices and cells that is not taken back."""
    return p.gut_loss_factor * p.gut_loss_mmol_per_day * relative(s, p) ** p.gut_loss_power


def absorbed_in_meals(s: Any, p: Any) -> Any:
    """Absorption now, meal mode."""
    return uptake_upper(s, p) + uptake_lower(s, p)


def absorbed_in_a_day(s: Any, p: Any) -> Any:
    """Absorption of a day of sittings as a function of transport: three numbers of ``body/gut.py``."""
    strength = transport_strength(s, p)
    return p.day_passive_mmol + p.day_active_mmol * strength / (p.day_half_strength + strength)


def left_in_a_day(s: Any, p: Any) -> Any:
    """Eaten and not absorbed, daily mode."""
    return p.intake_mmol_per_day - absorbed_in_a_day(s, p)


def _gut_signal(absorbed: Any, s: Any, p: Any) -> Any:
    """Gut signal: filtered absorption; the kidney answers a poor diet before serum falls (Sutton 1993)."""
    basal = p.gut_signal_basal
    heard = (absorbed / p.baseline_absorbed_mmol_per_day + basal) / (1 + basal)
    return p.gut_signal_per_day * (heard - s.gut_signal)


def gut_signal_in_meals(s: Any, p: Any) -> Any:
    """Gut signal, meal mode."""
    return _gut_signal(absorbed_in_meals(s, p), s, p)


def gut_signal_in_a_day(s: Any, p: Any) -> Any:
    """Gut signal, daily mode."""
    return _gut_signal(absorbed_in_a_day(s, p), s, p)


# Tissues and bone -----------------------------------------------------------------------------------------------------


def into_labile(s: Any, p: Any) -> Any:
    """Uptake by labile tissue: saturable."""
    square = relative(s, p) ** 2
    filled = (1 + p.labile_half_square) * square / (p.labile_half_square + square)
    return p.tissue_uptake_factor * p.labile_per_day * p.labile_mmol * filled


def out_of_labile(s: Any, p: Any) -> Any:
    """Release by labile tissue."""
    return p.labile_per_day * s.labile


def tissue_deficit(s: Any, p: Any) -> Any:
    """Share of labile magnesium that is missing."""
    return positive_part(1 - s.labile / p.labile_mmol, 0.01)


def into_muscle(s: Any, p: Any) -> Any:
    """Uptake by muscle and other slow tissue: little dependent on serum."""
    return p.muscle_per_day * p.muscle_mmol * relative(s, p) ** p.muscle_power


def out_of_muscle(s: Any, p: Any) -> Any:
    """Release by muscle."""
    return p.muscle_per_day * s.muscle


def into_red_cells(s: Any, p: Any) -> Any:
    """Young red cells take up magnesium in the marrow."""
    return p.red_cells_per_day * p.red_cells_mmol * relative(s, p) ** p.red_cells_power


def out_of_red_cells(s: Any, p: Any) -> Any:
    """Old red cells."""
    return p.red_cells_per_day * s.red_cells


def into_bone_surface(s: Any, p: Any) -> Any:
    """Uptake on the surface of bone: in step with serum (Alfrey 1973)."""
    return p.bone_surface_per_day * p.bone_surface_mmol * relative(s, p)


def out_of_bone_surface(s: Any, p: Any) -> Any:
    """Release from the surface of bone."""
    return p.bone_surface_per_day * s.bone_surface


def into_bone_crystal(s: Any, p: Any) -> Any:
    """Built in with new bone."""
    return p.bone_crystal_per_day * p.bone_crystal_mmol * relative(s, p)


def resorption(s: Any, p: Any) -> Any:
    """Resorption of bone over baseline."""
    return p.resorption_factor * pth_effect(s, p) ** p.resorption_power


def out_of_bone_crystal(s: Any, p: Any) -> Any:
    """Freed by resorption of bone, under PTH."""
    return p.bone_crystal_per_day * s.bone_crystal * resorption(s, p)


# Kidney, per litre of filtrate ----------------------------------------------------------------------------------------


def past_proximal(s: Any, p: Any) -> Any:
    """Left after the proximal tubule [mmol/L filtrate]."""
    return ultrafilterable_mmol_per_l(s, p) * (1 - p.kidney_proximal_factor * p.proximal_share)


def loop_share(s: Any, p: Any) -> Any:
    """Share reabsorbed in Henle's loop: the calcium receptor shuts most of it at high magnesium or calcium."""
    setpoint = p.kidney_setpoint_factor * p.loop_half_mmol_per_l
    high = (ultrafilterable_mmol_per_l(s, p) / setpoint) ** p.loop_steepness
    open_share = p.loop_floor + (1 - p.loop_floor) / (1 + high * calcium_relative(s, p) ** p.loop_calcium_power)
    return p.kidney_loop_factor * p.loop_max_share * open_share


def past_loop(s: Any, p: Any) -> Any:
    """Left after Henle's loop [mmol/L filtrate]."""
    return past_proximal(s, p) * (1 - loop_share(s, p))


def escaped(s: Any, p: Any) -> Any:
    """Left after the distal tubule (TRPM6) [mmol/L filtrate]: bounded, saturable, never negative."""
    reaching = past_loop(s, p)
    capacity = p.distal_capacity * p.kidney_distal_factor * s.conservation
    return reaching * exp(-capacity / (p.distal_half_mmol_per_l + reaching))


def urine(s: Any, p: Any) -> Any:
    """Magnesium in urine."""
    return p.gfr_l_per_day * escaped(s, p)


def fractional_excretion(s: Any, p: Any) -> Any:
    """Share of the filtered magnesium that leaves with urine."""
    return escaped(s, p) / ultrafilterable_mmol_per_l(s, p)


def conservation_change(s: Any, p: Any) -> Any:
    """Conservation by the distal tubule: rises with low serum and with a poor diet, between a third and threefold."""
    aim = -p.conservation_serum_power * log(relative(s, p)) - p.conservation_gut_power * log(s.gut_signal)
    return p.conservation_per_day * (exp(soft_limit(aim, p.conservation_range_log)) - s.conservation)


# Other ways out -------------------------------------------------------------------------------------------------------


def sweat(s: Any, p: Any) -> Any:
    """Magnesium in sweat."""
    return p.sweat_mmol_per_day * relative(s, p)


def dialysed(s: Any, p: Any) -> Any:
    """Exchange with dialysis fluid; negative when the fluid holds more."""
    return p.dialysis_l_per_day * (ultrafilterable_mmol_per_l(s, p) - p.dialysate_mmol_per_l)


def to_child(s: Any, p: Any) -> Any:
    """Magnesium given to a child before birth and in milk; it does not fall with the mother's serum."""
    del s
    return p.child_mmol_per_day


def infused(s: Any, p: Any) -> Any:
    """Magnesium into a vein, only to replay published experiments."""
    del s
    return p.infusion_mmol_per_day


# Calcium and potassium ------------------------------------------------------------------------------------------------


def calcium_absorbed(s: Any, p: Any) -> Any:
    """Calcium from food: a passive share and one under calcitriol."""
    active = 2 * p.calcium_active_share * s.calcitriol / (1 + s.calcitriol)
    return p.calcium_intake_mmol_per_day * (p.calcium_passive_share + active)


def calcium_gut_loss(s: Any, p: Any) -> Any:
    """Calcium of digestive juices."""
    return p.calcium_gut_loss_mmol_per_day * calcium_relative(s, p)


def calcium_urine(s: Any, p: Any) -> Any:
    """Calcium in urine: what is filtered above a threshold that PTH raises and magnesium lowers."""
    threshold = p.calcium_threshold_mmol_per_l * (
        1
        + p.calcium_threshold_pth * log(pth_effect(s, p))
        - p.calcium_threshold_magnesium * positive_part(relative(s, p) - 1, 0.02)
    )
    excess = p.filterable_calcium_share * calcium_mmol_per_l(s, p) - threshold
    return p.gfr_l_per_day * positive_part(excess, p.calcium_threshold_width_mmol_per_l)


def calcium_into_bone(s: Any, p: Any) -> Any:
    """Calcium built in with new bone."""
    return p.calcium_bone_mmol_per_day * calcium_relative(s, p) * resorption(s, p) ** p.bone_coupling


def calcium_out_of_bone(s: Any, p: Any) -> Any:
    """Calcium freed by resorption."""
    return p.calcium_bone_mmol_per_day * resorption(s, p)


def calcium_onto_bone(s: Any, p: Any) -> Any:
    """Fast exchange with the surface of bone, inward."""
    return p.calcium_exchange_per_day * p.calcium_exchangeable_mmol * calcium_relative(s, p)


def calcium_off_bone(s: Any, p: Any) -> Any:
    """Fast exchange with the surface of bone, outward; PTH raises it."""
    return p.calcium_exchange_per_day * s.calcium_exchangeable * (1 + p.calcium_exchange_pth * log(pth_effect(s, p)))


def potassium_in(s: Any, p: Any) -> Any:
    """Potassium absorbed from food."""
    del s
    return p.potassium_absorbed_mmol_per_day


def potassium_urine(s: Any, p: Any) -> Any:
    """Potassium in urine: with serum and aldosterone, and more when cells lack magnesium (ROMK)."""
    level = potassium_mmol_per_l(s, p) / p.baseline_potassium_mmol_per_l
    wasting = 1 + p.potassium_wasting * tissue_deficit(s, p)
    return (
        p.baseline_potassium_urine_mmol_per_day
        * p.potassium_loss_factor
        * wasting
        * level**p.potassium_power
        * p.gfr_relative**p.potassium_gfr_power
    )
