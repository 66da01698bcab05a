using OrleansRec.Model.Sequence.Kernels;
using OrleansRec.Model.Sequence.Network;

namespace OrleansRec.Model.Sequence.Serving;

/// <summary>Encodes histories against published parameters: at once, or event by event with the same bits.</summary>
/// <remarks>One more event costs one position against the kept keys and values, and once in ⌊n/2⌋ events a window anew. Threads may share an encoder; each has its own scratch.</remarks>
public sealed unsafe class SequenceEncoder
{
    private readonly SequenceParameters _parameters;
    private readonly SequenceOptions _options;
    private readonly NetworkKernels<float> _kernels = NetworkKernels<float>.Chosen;
    private readonly PackedWeights<float> _weights;

    /// <summary>Packs the weights.</summary>
    /// <param name="parameters">Kept, and not to be changed afterwards.</param>
    public SequenceEncoder(SequenceParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        (_parameters, _options) = (parameters, parameters.Layout.Options);
        _weights = new(parameters.Layout, _kernels, trains: false);
        fixed (float* values = parameters.Values)
            _weights.Pack(values);
    }

    /// <summary>The parameters.</summary>
    public SequenceParameters Parameters => _parameters;

    /// <summary>Room for one thread.</summary>
    public EncoderScratch CreateScratch() => new(_options);

    /// <summary>A history without items.</summary>
    public EncodedHistory CreateHistory() => new(_options);

    /// <summary>Encodes a whole history.</summary>
    /// <param name="history">Items, oldest first; only the window is read.</param>
    /// <param name="into">Takes the encoding, whatever it held.</param>
    /// <param name="scratch">Of this thread.</param>
    /// <exception cref="ArgumentException">An item is not one of the model's.</exception>
    public void Encode(ReadOnlySpan<int> history, EncodedHistory into, EncoderScratch scratch)
    {
        ArgumentNullException.ThrowIfNull(into);
        ArgumentNullException.ThrowIfNull(scratch);
        var window = history[HistoryWindow.Start(history.Length, _options.Length)..];
        foreach (int item in window)
            RequireItem(item);
        (into.WindowLength, into.HistoryLength) = (0, history.Length);
        into.Final.AsSpan().Clear();
        if (!window.IsEmpty)
            Add(window, into, scratch);
    }

    /// <summary>Adds one item to a history: the bits that <see cref="Encode"/> gives the longer history.</summary>
    /// <param name="item">0 … V − 1.</param>
    /// <param name="history">From this encoder.</param>
    /// <param name="scratch">Of this thread.</param>
    /// <exception cref="ArgumentException">The item is not one of the model's.</exception>
    public void Append(int item, EncodedHistory history, EncoderScratch scratch)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(scratch);
        RequireItem(item);
        history.HistoryLength++;
        if (history.WindowLength < _options.Length)
        {
            Add([item], history, scratch);
            return;
        }
        Span<int> window = stackalloc int[_options.Length];
        var rest = history.Window[(_options.Length / 2)..];
        rest.CopyTo(window);
        window[rest.Length] = item;
        history.WindowLength = 0;
        Add(window[..(rest.Length + 1)], history, scratch);
    }

    private void Add(ReadOnlySpan<int> items, EncodedHistory history, EncoderScratch scratch)
    {
        int d = _options.Width, first = history.WindowLength, rows = items.Length;
        items.CopyTo(history.Items.AsSpan(first));
        history.WindowLength += rows;
        fixed (float* parameters = _parameters.Values, packed = _weights.Block, room = scratch.Block, cache = history.KeysAndValues, final = history.Final)
        {
            var x = RowsOf(room, out float* weights);
            for (int n = 0; n < rows; n++)
                _kernels.Add(
                    parameters + _parameters.Layout.Items + items[n] * (nint)d, parameters + _parameters.Layout.Positions + (first + n) * d, x.In + n * d, d);
            for (int b = 0; b < _options.Blocks; b++)
            {
                var pass = new BlockPass<float>(_kernels, _parameters.Layout, b, _weights, parameters, packed);
                pass.BeforeAttention(x, rows);
                Attend(x, cache + (nint)b * _options.Length * 2 * d, first, rows, weights);
                pass.AfterAttention(x, rows, default, 0, 0);
                float* swap = x.In;
                x.In = x.Out;
                x.Out = swap;
            }
            _kernels.Normalise(
                x.In + (rows - 1) * d, 1, d, parameters + _parameters.Layout.FinalGain, parameters + _parameters.Layout.FinalShift, final, x.Moments1);
        }
    }

    private void Attend(in BlockRows<float> x, float* cache, int first, int rows, float* weights)
    {
        int d = _options.Width, w = d / _options.Heads;
        for (int n = 0; n < rows; n++)
            new ReadOnlySpan<float>(x.Qkv + n * 3 * d + d, 2 * d).CopyTo(new Span<float>(cache + (first + n) * 2 * d, 2 * d));
        for (int n = 0; n < rows; n++)
            for (int from = 0; from < d; from += w)
                Attention<float>.Attend(_kernels, x.Qkv + n * 3 * d + from, cache + from, cache + d + from, 2 * d, first + n + 1, w, weights, x.Heads + n * d + from);
    }

    private BlockRows<float> RowsOf(float* room, out float* weights)
    {
        int n = _options.Length, d = _options.Width, f = _options.Hidden;
        BlockRows<float> x;
        x.In = room;
        x.Out = x.In + n * d;
        x.Normal1 = x.Out + n * d;
        x.Qkv = x.Normal1 + n * d;
        x.Heads = x.Qkv + n * 3 * d;
        x.Attended = x.Heads + n * d;
        x.Gate1 = x.Attended + n * d;
        x.Middle = x.Gate1 + n * d;
        x.Normal2 = x.Middle + n * d;
        x.Fed = x.Normal2 + n * d;
        x.Gate2 = x.Fed + n * d;
        x.Hidden = x.Gate2 + n * d;
        x.Up = x.Hidden + n * f;
        x.Moments1 = x.Up + n * 2 * f;
        x.Moments2 = x.Moments1 + 2 * n;
        weights = x.Moments2 + 2 * n;
        return x;
    }

    private void RequireItem(int item)
    {
        if ((uint)item >= (uint)_parameters.Layout.ItemCount)
            throw new ArgumentException($"Items are 0 … {_parameters.Layout.ItemCount - 1}; got {item}.", nameof(item));
    }
}
