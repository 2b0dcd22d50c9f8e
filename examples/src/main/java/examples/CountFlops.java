package examples;

import distill.cost.Cost;
import distill.nn.Activation;
import distill.nn.Network;
import distill.nn.zoo.*;
import java.util.List;

/** What networks cost: parameters, and floating-point operations of a forward pass. */
final class CountFlops {

    public static void main(String[] args) {
        var networks = List.of(
                MnistTeacher.buildCnn(new Network.Names(), Activation.LINEAR),
                Architecture.MOBILENETV2.build(Activation.SOFTMAX));
        for (Network network : networks) {
            Cost cost = Cost.of(network, 1);
            System.out.printf("%s: %,d parameters, %,d FLOPs for an image, %s%n",
                    network.name(), cost.parameters(), cost.flops(), cost.flopsByOperation());
        }
    }
}
