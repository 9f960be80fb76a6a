"""What the company sells and where it leaves from: products, SKUs, ship-froms."""
