namespace OrleansRec.Model.Sequence.Network;

/// <summary>What the forward pass of a block leaves of some rows; each matrix has as many rows, one behind the other.</summary>
internal unsafe struct BlockRows<T>
    where T : unmanaged
{
    /// <summary>Input, shape (rows, d).</summary>
    public T* In;

    /// <summary>Normalised input, shape (rows, d).</summary>
    public T* Normal1;

    /// <summary>Mean and inverse deviation, shape (rows, 2).</summary>
    public T* Moments1;

    /// <summary>Queries, keys and values, shape (rows, 3d).</summary>
    public T* Qkv;

    /// <summary>What the heads collect, shape (rows, d).</summary>
    public T* Heads;

    /// <summary>Output of attention after dropout, shape (rows, d).</summary>
    public T* Attended;

    /// <summary>First gate, shape (rows, d).</summary>
    public T* Gate1;

    /// <summary>Input plus gated attention, shape (rows, d).</summary>
    public T* Middle;

    /// <summary>Normalised middle, shape (rows, d).</summary>
    public T* Normal2;

    /// <summary>Mean and inverse deviation, shape (rows, 2).</summary>
    public T* Moments2;

    /// <summary>Before the activation, shape (rows, 2f) of gated blocks, (rows, f) of classic ones.</summary>
    public T* Up;

    /// <summary>After activation and dropout, shape (rows, f).</summary>
    public T* Hidden;

    /// <summary>Output of the feed-forward after dropout, shape (rows, d).</summary>
    public T* Fed;

    /// <summary>Second gate, shape (rows, d).</summary>
    public T* Gate2;

    /// <summary>Output, shape (rows, d).</summary>
    public T* Out;
}

/// <summary>Room for the gradients of a block's rows, used by every block in turn.</summary>
internal unsafe struct BlockGradients<T>
    where T : unmanaged
{
    /// <summary>In: the gradient of the block's output. Out: that of its input. Shape (rows, d).</summary>
    public T* State;

    /// <summary>Shape (rows, d).</summary>
    public T* Branch;

    /// <summary>Shape (rows, d).</summary>
    public T* Gate;

    /// <summary>Shape (rows, 2f).</summary>
    public T* Up;

    /// <summary>Shape (rows, f).</summary>
    public T* Hidden;

    /// <summary>Shape (rows, 3d).</summary>
    public T* Qkv;
}
