using Orleans.Runtime;

namespace Orleans
{
    /// <summary>State on its way to or from a storage.</summary>
    public interface IGrainState<T>
    {
        /// <summary>The state.</summary>
        T? State { get; set; }

        /// <summary>The version that the storage gave it.</summary>
        string? ETag { get; set; }

        /// <summary>Whether the storage holds a record.</summary>
        bool RecordExists { get; set; }
    }

    /// <summary>State on its way to or from a storage.</summary>
    [GenerateSerializer]
    public sealed class GrainState<T> : IGrainState<T>
    {
        /// <summary>Without a state.</summary>
        public GrainState()
        {
        }

        /// <summary>With a state and no version.</summary>
        public GrainState(T? state)
            : this(state, null)
        {
        }

        /// <summary>With a state and its version.</summary>
        public GrainState(T? state, string? eTag)
        {
            State = state;
            ETag = eTag;
        }

        /// <inheritdoc/>
        [Id(0)]
        public T? State { get; set; }

        /// <inheritdoc/>
        [Id(1)]
        public string? ETag { get; set; }

        /// <inheritdoc/>
        [Id(2)]
        public bool RecordExists { get; set; }
    }
}

namespace Orleans.Storage
{
    /// <summary>Where grains keep their state. A write with an ETag that is no longer current throws <see cref="InconsistentStateException"/>.</summary>
    public interface IGrainStorage
    {
        /// <summary>Reads a state, its version and whether there is a record.</summary>
        Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <summary>Reads a state, its version and whether there is a record.</summary>
        Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
            ReadStateAsync(stateName, grainId, grainState);

        /// <summary>Writes a state and sets its new version.</summary>
        Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <summary>Writes a state and sets its new version.</summary>
        Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
            WriteStateAsync(stateName, grainId, grainState);

        /// <summary>Deletes a record.</summary>
        Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <summary>Deletes a record.</summary>
        Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
            ClearStateAsync(stateName, grainId, grainState);
    }

    /// <summary>The storage holds another version than the one that was read.</summary>
    [GenerateSerializer]
    public class InconsistentStateException : OrleansException
    {
        /// <summary>Without a reason.</summary>
        public InconsistentStateException()
        {
        }

        /// <summary>With a reason.</summary>
        public InconsistentStateException(string message)
            : base(message)
        {
        }

        /// <summary>With a reason and a cause.</summary>
        public InconsistentStateException(string message, Exception? innerException)
            : base(message, innerException)
        {
        }

        /// <summary>With both versions and a cause.</summary>
        public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag, Exception? storageException)
            : base(errorMsg, storageException)
        {
            StoredEtag = storedEtag;
            CurrentEtag = currentEtag;
        }

        /// <summary>With both versions.</summary>
        public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag)
            : this(errorMsg, storedEtag, currentEtag, null)
        {
        }

        /// <summary>The version in the storage.</summary>
        [Id(0)]
        public string? StoredEtag { get; private set; }

        /// <summary>The version that the writer had read.</summary>
        [Id(1)]
        public string? CurrentEtag { get; private set; }

        /// <summary>Whether it is still in the activation whose state is stale, which then ends; a caller further up lives on.</summary>
        [Id(2)]
        internal bool IsSourceActivation { get; set; } = true;
    }
}
