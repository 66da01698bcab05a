namespace OrleansRec.Cli.Import;

/// <summary>Splits a stream into lines without copying; a line over the bound is passed over and said to be too long.</summary>
internal sealed class LineReader(Stream stream, int lineBytesMax) : IDisposable
{
    private byte[] _buffer = new byte[1 << 16];
    private int _start, _end;
    private bool _atEnd, _begun;

    /// <summary>The number of the line last read, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The next line without its end, valid until the next call; false at the end of the stream.</summary>
    public bool Read(out ReadOnlySpan<byte> line, out bool isTooLong)
    {
        isTooLong = false;
        line = default;
        for (int searched = 0; ;)
        {
            int length = _buffer.AsSpan((_start + searched).._end).IndexOf((byte)'\n');
            if (length >= 0 || (_atEnd && _end > _start))
            {
                int end = length >= 0 ? _start + searched + length : _end;
                if (!isTooLong)
                    line = WithoutMark(_buffer.AsSpan(_start..end));
                _start = Math.Min(end + 1, _end);
                Number++;
                return true;
            }
            if (_atEnd)
                return isTooLong && ++Number > 0;
            searched = _end - _start;
            if (searched > lineBytesMax)
                (isTooLong, searched, _start) = (true, 0, _end);
            Fill();
        }
    }

    public void Dispose() => stream.Dispose();

    // Some editors begin a file with a byte order mark.
    private ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> line)
    {
        bool first = !_begun;
        _begun = true;
        return first && line.StartsWith("\uFEFF"u8) ? line[3..] : line;
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        int count = stream.Read(_buffer.AsSpan(_end));
        _atEnd = count == 0;
        _end += count;
    }
}
