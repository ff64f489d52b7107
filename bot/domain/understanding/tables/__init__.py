"""The words that people use, by what they tell: tables to read and to add to, no rules."""
