"""Item and sitting statistics that hold for drawn papers, where each person answered other questions.

A question is compared with the same person's *other* questions (the rest), as a share of what those were worth. A
total that includes the question correlates with it by construction, and totals of different papers do not compare.

A sitting gives sums (`sitting.sums_of`), sums of several sittings add up (`sums.ItemSums`), figures come from a sum
(`items.item_statistics`), and whatever a person should look at comes from figures (`attention.attention`).
"""
