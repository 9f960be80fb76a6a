"""The reading child with so little memory that an honest sheet is too much for its parser."""

from jumun.sheets import child

child.CHILD_MEMORY = 64 * 1024**2
child.main()
