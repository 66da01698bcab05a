# Seconds of the fastest sweep pair of the package "implicit", one thread. Arguments: folder of the pairs, users, items, rank, sweeps.
# The folder holds starts.i4, columns.i4 and values.f4: the rows of the users, compressed, as this machine writes numbers.
import json, os, sys

for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[name] = "1"

import implicit
import numpy
import scipy.sparse
from implicit.cpu.als import AlternatingLeastSquares

folder, users, items, rank, sweeps = sys.argv[1], *map(int, sys.argv[2:6])
read = lambda name, kind: numpy.fromfile(os.path.join(folder, name), kind)
pairs = scipy.sparse.csr_matrix((read("values.f4", "f4"), read("columns.i4", "i4"), read("starts.i4", "i4")), shape=(users, items))

seconds = {}
for solver, use_cg in (("cholesky", False), ("cg", True)):
    model = AlternatingLeastSquares(factors=rank, regularization=10, alpha=1, iterations=sweeps, use_cg=use_cg, num_threads=1, random_state=1)
    elapsed = []
    model.fit(pairs, show_progress=False, callback=lambda sweep, time, loss: elapsed.append(time))
    seconds[solver] = min(elapsed)
print(json.dumps({"version": implicit.__version__, **seconds}))
