"""Figures that the issues name, measured on this machine; never asserted by a test."""
