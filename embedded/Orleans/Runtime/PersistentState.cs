using Orleans.Core;

namespace Orleans.Core
{
    /// <summary>State kept in a storage, without its type.</summary>
    public interface IStorage
    {
        /// <summary>The version that was read or written last; null for none.</summary>
        string? Etag { get; }

        /// <summary>Whether the storage holds a record.</summary>
        bool RecordExists { get; }

        /// <summary>Deletes the record.</summary>
        Task ClearStateAsync();

        /// <summary>Writes the state.</summary>
        Task WriteStateAsync();

        /// <summary>Reads the state.</summary>
        Task ReadStateAsync();

        /// <summary>Deletes the record.</summary>
        Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();

        /// <summary>Writes the state.</summary>
        Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

        /// <summary>Reads the state.</summary>
        Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();
    }

    /// <summary>State kept in a storage.</summary>
    public interface IStorage<TState> : IStorage
    {
        /// <summary>The state in memory.</summary>
        TState State { get; set; }
    }
}

namespace Orleans.Runtime
{
    /// <summary>State of a grain that is read when the grain is activated.</summary>
    public interface IPersistentState<TState> : IStorage<TState>;

    /// <summary>Marks a constructor parameter of type <see cref="IPersistentState{TState}"/>.</summary>
    [AttributeUsage(AttributeTargets.Parameter)]
    public class PersistentStateAttribute : Attribute
    {
        /// <summary>The state's name within the grain, and the storage's name.</summary>
        public PersistentStateAttribute(string stateName, string? storageName = null)
        {
            ArgumentNullException.ThrowIfNull(stateName);
            StateName = stateName;
            StorageName = storageName;
        }

        /// <summary>The state's name within the grain.</summary>
        public string StateName { get; }

        /// <summary>The storage's name; null for the storage registered without a name.</summary>
        public string? StorageName { get; }
    }
}
