"""Make mentions and, when asked, merge them: a process for hyperfine to time.

python bench/merge_job.py 10000 merge
python bench/merge_job.py 10000 make     # what to subtract
"""

import sys

from texts import make_mentions

from entityscan.merging import merge


def main() -> None:
    number, action = int(sys.argv[1]), sys.argv[2]
    mentions = make_mentions(number)
    if action == "merge":
        print(len(merge(mentions)))


if __name__ == "__main__":
    main()
