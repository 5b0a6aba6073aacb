using System.Globalization;
using System.Text;

namespace Etl.Benchmarks;

/// <summary>
/// Estimates how long a run takes and what its machines cost, from the CPU time of a row. A step takes as long as the machines
/// of its busiest kind need; steps follow each other. Disks and networks are taken to be fast enough.
/// </summary>
internal sealed record Simulation
{
    /// <summary>Rows of the three datasets for each order, as in the sample.</summary>
    private const double RowsPerOrder = 2.5;

    /// <summary>Microseconds of CPU that a loader needs for a row: read, check, encode, send.</summary>
    public double Client { get; init; } = 0.18;

    /// <summary>Microseconds that a plain server needs to store a row.</summary>
    public double Store { get; init; } = 0.29;

    /// <summary>Microseconds that a plain server needs to transform and test a row.</summary>
    public double Transform { get; init; } = 0.39;

    /// <summary>Microseconds that the coordinator of a cluster needs to pass a row on.</summary>
    public double PassOn { get; init; } = 0.40;

    /// <summary>Microseconds that the nodes of a cluster need to store a row that the coordinator passes on.</summary>
    public double NodeStore { get; init; } = 0.42;

    /// <summary>
    /// Microseconds that the nodes need for a row that a loader gives to one of them: most belong to another node, and the nodes
    /// exchange keys.
    /// </summary>
    public double NodeShare { get; init; } = 1.66;

    /// <summary>Microseconds that the coordinator needs for a row that a loader gives to a node.</summary>
    public double Coordinate { get; init; } = 0.015;

    /// <summary>Microseconds that the nodes need to transform a row that the coordinator passed on.</summary>
    public double NodeTransform { get; init; } = 0.58;

    /// <summary>Microseconds that the nodes need to transform a row that a loader gave to one of them; it is not frozen.</summary>
    public double ShareTransform { get; init; } = 0.75;

    /// <summary>Seconds of a run that do not depend on its rows: start, publish, export, message.</summary>
    public double Fixed { get; init; } = 1;

    /// <summary>Cores of each machine.</summary>
    public int Cores { get; init; } = 2;

    /// <summary>US dollars for an hour of a machine.</summary>
    public double Price { get; init; } = 0.08;

    /// <summary>The seconds of a run.</summary>
    /// <param name="orders">Orders; the rows of the other datasets follow.</param>
    /// <param name="nodes">Nodes that store rows; 1 is a server without a cluster.</param>
    /// <param name="loaders">Machines that load; with one server and one loader both are the same machine.</param>
    /// <param name="direct">Whether loaders connect to the nodes and not to the coordinator.</param>
    public double Seconds(double orders, int nodes, int loaders, bool direct)
    {
        var million = orders * RowsPerOrder / 1e6;
        double On(int machines, double microseconds) => million * microseconds / (machines * Cores);
        if (nodes == 1)
        {
            var load = loaders == 1 ? On(1, Client + Store) : Math.Max(On(loaders, Client), On(1, Store));
            return Fixed + load + On(1, Transform);
        }

        double[] busy =
        [
            On(loaders, Client),
            On(1, direct ? Coordinate : PassOn),
            On(nodes, direct ? NodeShare : NodeStore),
        ];
        return Fixed + busy.Max() + On(nodes, direct ? ShareTransform : NodeTransform);
    }

    /// <summary>The cost of the machines while the run lasts, in US dollars.</summary>
    public double Dollars(double orders, int nodes, int loaders, bool direct)
    {
        var machines = nodes == 1 ? Math.Max(1, loaders) : 1 + nodes + loaders;
        return Seconds(orders, nodes, loaders, direct) / 3600 * Price * machines;
    }

    /// <summary>The table of docs/scale.md.</summary>
    public string Table()
    {
        var text = new StringBuilder();
        text.Append(
            "| orders | nodes | loaders | by way of the coordinator | directly to the nodes |\n|---|---|---|---|---|\n"
        );
        foreach (var orders in (double[])[10e6, 100e6, 1e9])
        {
            foreach (var (nodes, loaders) in ((int, int)[])[(1, 1), (1, 4), (4, 1), (4, 4), (10, 4), (10, 10)])
            {
                var through = Cell(orders, nodes, loaders, direct: false);
                var directly = nodes == 1 ? "–" : Cell(orders, nodes, loaders, direct: true);
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| {orders / 1e6:#,0} million | {nodes} | {loaders} | {through} | {directly} |\n"
                );
            }
        }

        return text.ToString();
    }

    /// <summary>Costs and prices from arguments such as <c>--client 0.3 --price 0.1</c>.</summary>
    public static Simulation Of(string[] args)
    {
        double Value(string option, double otherwise) =>
            Array.IndexOf(args, option) is var at and >= 0 && at + 1 < args.Length
                ? double.Parse(args[at + 1], CultureInfo.InvariantCulture)
                : otherwise;
        var usual = new Simulation();
        return new Simulation
        {
            Client = Value("--client", usual.Client),
            Store = Value("--store", usual.Store),
            Transform = Value("--transform", usual.Transform),
            PassOn = Value("--pass-on", usual.PassOn),
            NodeStore = Value("--node-store", usual.NodeStore),
            NodeShare = Value("--node-share", usual.NodeShare),
            Coordinate = Value("--coordinate", usual.Coordinate),
            NodeTransform = Value("--node-transform", usual.NodeTransform),
            ShareTransform = Value("--share-transform", usual.ShareTransform),
            Fixed = Value("--fixed", usual.Fixed),
            Cores = (int)Value("--cores", usual.Cores),
            Price = Value("--price", usual.Price),
        };
    }

    private string Cell(double orders, int nodes, int loaders, bool direct)
    {
        var seconds = Seconds(orders, nodes, loaders, direct);
        var time =
            seconds < 100
                ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s")
                : string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0.0} min");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{time}, {Dollars(orders, nodes, loaders, direct):0.000} USD"
        );
    }
}
