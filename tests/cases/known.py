"""What people type and what it must lead to. A change to the tables adds a line here: it is the change's own test."""

from __future__ import annotations

# name of a food -> id of the everyday food
FOODS = [
    ("volkorenbrood", "bread-wholemeal"),
    ("tempeh", "tempeh"),
    ("piepers", "potato"),
    ("spinach", "spinach"),
]
# name of a salt -> id, mg of magnesium in 1000 mg of it
SALTS = [
    ("magnesiumcitraat", "SALT09", 161.6),
    ("epsom salt", "SALT08", 98.6),
    ("bisglycinaat", "SALT14", 141.0),
]
# name of a medicine -> ATC code
MEDICINES = [
    ("omeprazol", "A02BC01"),
    ("Nexium", "A02BC05"),
    ("plastablet", "C03"),
    ("HCT", "C03AA03"),
    ("metformine", "A10BA02"),
    ("Fosamax", "M05BA04"),
    ("ciproxin", "J01MA02"),
    ("omeprazole teva", "A02BC01"),
    ("Euthyrox 100", "H03AA01"),
    ("ijzer", "B03A"),
]
# medicine -> interactions that it must meet
INTERACTIONS = [
    ("omeprazol", {"INT055"}),
    ("levothyroxine", {"INT001"}),
    ("furosemide", {"INT056"}),
    ("spironolacton", {"INT058"}),
]
# authority, kind, age in years, sex -> mg per day
REFERENCE_VALUES = [
    ("iom-1997", "EAR", 35, "female", 265),
    ("efsa-2015", "AI", 35, "male", 350),
    ("gezondheidsraad-2018", "AI", 35, "female", 300),
]
