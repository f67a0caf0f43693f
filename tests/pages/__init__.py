"""Readers' pages as browsers show them: for everyone, in every width, by old browsers and without script."""
