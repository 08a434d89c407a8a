"""A staged file against what is known: definitions, grains, structures, history.

Owns every rule of a batch (`docs/methods/observation.md`, § 2 to § 4) and its sentence.
"""
