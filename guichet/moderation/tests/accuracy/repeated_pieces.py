"""What opens a pattern that does not close: written over and over, a text that is slow to read."""

REPEATED = [
    "1", "1 ", "a.", "a@", "06 ", "Jean ", "JEAN ", "12 rue ", "1-", "A-", "né le ", "n° ", "http://",
    "point ", "zéro un ", "fr76", "2 84 ", "'", "75001 A-", "Rose et ", "1/1/2012 et ", "a.b/",
    "e\u0301", "je vais tuer ", "il me ", "espece de ", "1, ", "vingt ", "12 rue A, ", "bât B, ",
    "Lille, ", "12 et ", "Le Clos ", "a/", "A.1/", "bidea ", "1 a gass ", "à Lille (59) ",
    "j'habite a ",
    "LB/", "né le 3 mai mille neuf cent ", "@", "AB 1", "résidence A, ", "place ", "« A ",
    "je n'en peux plus ", "si il ", "ce soir il rentre ", "mari a b c ", "parle de que ",
]  # fmt: skip
